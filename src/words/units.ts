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
export const shortDuration = quantity('a duration such as 50us, 1ms or 2s', { us: 1, ms: 1e3, s: 1e6 }, [
  { fits: (us) => Number.isInteger(us) && us <= 10e6, error: 'expected whole microseconds, at most 10s' },
]);

const NS_PER: Record<string, number> = { ns: 1, us: 1e3, ms: 1e6 };
const RANGE = /^(\d+(?:\.\d+)?) ?(ns|us|ms)(?: to (\d+(?:\.\d+)?) ?(ns|us|ms))?$/;

/** A cost, such as `5us to 20us`, or `300ns`; parsed to its ends in nanoseconds. */
export const costRange = z
  .string({ error: 'expected a range such as 5us to 20us, or 300ns' })
  .regex(RANGE, { error: 'expected a range such as 5us to 20us, or 300ns', abort: true })
  .refine((text) => endsOf(text).low <= endsOf(text).high, {
    error: 'expected the lower end first, such as 5us to 20us',
  })
  .transform(endsOf);

/** A size such as `16MiB`; parsed to bytes. */
export const size = sizeThat([]);

/** A size within additional limits. */
export function sizeThat(limits: readonly Limit[]) {
  return quantity('a size such as 512KiB, 16MiB or 1GB', BYTES_PER, limits);
}

/** A percentage such as `2.5%`; parsed to a fraction (0.025). */
export const percent = z
  .string({ error: 'expected a percentage such as 2.5%' })
  .regex(/^\d+(\.\d+)?%$/, { error: 'expected a percentage such as 2.5%', abort: true })
  .refine((text) => shareOf(text) > 0 && shareOf(text) < 1, {
    error: 'expected a percentage above 0% and below 100%',
  })
  .transform(shareOf);

/** A condition on an amount, in its parsed unit, in addition to being above zero. */
interface Limit {
  fits: (amount: number) => boolean;
  error: string;
}

/** Checked as written, so that errors are in the author's own terms. */
function quantity(expected: string, factors: Record<string, number>, limits: readonly Limit[] = []) {
  const pattern = new RegExp(`^(\\d+(?:\\.\\d+)?) ?(${Object.keys(factors).join('|')})$`);
  const amountOf = (text: string) => {
    const [, amount, unit] = pattern.exec(text) ?? [];
    return Number(amount) * (factors[unit ?? ''] ?? Number.NaN);
  };
  const written = z
    .string({ error: `expected ${expected}` })
    .regex(pattern, { error: `expected ${expected}`, abort: true });
  return [{ fits: (amount: number) => amount > 0, error: `expected ${expected}, above zero` }, ...limits]
    .reduce(
      (text, { fits, error }) => text.refine((one) => fits(amountOf(one)), { error, abort: true }),
      written,
    )
    .transform(amountOf);
}

function endsOf(text: string): { low: number; high: number } {
  const [, least, leastUnit = '', most = least, mostUnit = leastUnit] = RANGE.exec(text) ?? [];
  const ns = (amount: string | undefined, unit: string) => Number(amount) * (NS_PER[unit] ?? Number.NaN);
  return { low: ns(least, leastUnit), high: ns(most, mostUnit) };
}

function shareOf(text: string): number {
  return Number(text.slice(0, -1)) / 100;
}
