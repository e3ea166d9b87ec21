import { z } from 'zod';

const MS_PER: Record<string, number> = { ms: 1, s: 1e3, m: 60e3, min: 60e3, h: 3600e3 };
const BYTES_PER: Record<string, number> = {
  B: 1,
  kB: 1e3,
  MB: 1e6,
  GB: 1e9,
  KiB: 1024,
  MiB: 1024 ** 2,
  GiB: 1024 ** 3,
};

/** A duration such as `120s`, `1.5m` or `250ms`; parsed to milliseconds. */
export const duration = quantity('a duration such as 250ms, 120s, 30m or 2h', MS_PER);

/** A short duration such as `100us`; parsed to whole microseconds. */
export const shortDuration = quantity('a duration such as 50us, 1ms or 2s', {
  us: 1,
  ms: 1e3,
  s: 1e6,
}).refine((us) => Number.isInteger(us) && us <= 10e6, { error: 'expected whole microseconds, at most 10s' });

const NS_PER: Record<string, number> = { ns: 1, us: 1e3, ms: 1e6 };
const RANGE = /^(\d+(?:\.\d+)?) ?(ns|us|ms)(?: to (\d+(?:\.\d+)?) ?(ns|us|ms))?$/;

/** What something may cost, such as `5us to 20us`, or `300ns`; parsed to its ends in nanoseconds. */
export const costRange = z
  .string({ error: 'expected a range such as 5us to 20us, or 300ns' })
  .regex(RANGE, { error: 'expected a range such as 5us to 20us, or 300ns' })
  .transform((text) => {
    const [, least, leastUnit = '', most = least, mostUnit = leastUnit] = RANGE.exec(text) ?? [];
    const ns = (amount: string | undefined, unit: string) => Number(amount) * (NS_PER[unit] ?? Number.NaN);
    return { low: ns(least, leastUnit), high: ns(most, mostUnit) };
  })
  .refine(({ low, high }) => low <= high, { error: 'expected the lower end first, such as 5us to 20us' });

/** A size such as `16MiB`; parsed to bytes. */
export const size = quantity('a size such as 512KiB, 16MiB or 1GB', BYTES_PER);

/** A percentage such as `2.5%`; parsed to a fraction (0.025). */
export const percent = z
  .string({ error: 'expected a percentage such as 2.5%' })
  .regex(/^\d+(\.\d+)?%$/, { error: 'expected a percentage such as 2.5%' })
  .transform((text) => Number(text.slice(0, -1)) / 100)
  .refine((share) => share > 0 && share < 1, { error: 'expected a percentage above 0% and below 100%' });

function quantity(expected: string, factors: Record<string, number>) {
  const pattern = new RegExp(`^(\\d+(?:\\.\\d+)?) ?(${Object.keys(factors).join('|')})$`);
  return z
    .string({ error: `expected ${expected}` })
    .regex(pattern, { error: `expected ${expected}` })
    .transform((text) => {
      const [, amount, unit] = pattern.exec(text) ?? [];
      return Number(amount) * (factors[unit ?? ''] ?? Number.NaN);
    })
    .refine((amount) => amount > 0, { error: `expected ${expected}, above zero` });
}
