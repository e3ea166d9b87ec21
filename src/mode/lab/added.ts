import { z } from 'zod';
import { shortDuration } from '../../words/units.ts';

/** What a boundary of the lab can add delays to: the name for its program in dom0, and in words. */
const ADDABLE = {
  request: { option: 'request-us', each: 'request' },
  trap: { option: 'trap-us', each: 'trap' },
  switch: { option: 'switch-us', each: 'switch' },
  'page-unmapped': { option: 'unmap-us', each: 'page unmapped' },
} as const;

type Addable = keyof typeof ADDABLE;

/** In µs, by what each is added to. */
export type Added = Readonly<Partial<Record<Addable, number | undefined>>>;

/** The option `added` for a boundary that can add to these. */
export function addedSchema<const Kinds extends readonly Addable[]>(kinds: Kinds) {
  const shape = Object.fromEntries(
    kinds.map((kind) => [
      kind,
      shortDuration.optional().describe(`Time added to each ${ADDABLE[kind].each}.`),
    ]),
  ) as { [Kind in Kinds[number]]: z.ZodOptional<typeof shortDuration> };
  return z
    .strictObject(shape)
    .optional()
    .describe('Delays to add, such as 100us, to check that a known cost is found; the report mentions them.');
}

/** For the boundary's program in dom0. */
export function addedOptions(added: Added = {}): string[] {
  return told(added).map(([kind, us]) => `${ADDABLE[kind].option}=${us}`);
}

/** What that program must report about itself. */
export function addedSettings(added: Added | undefined, ...kinds: Addable[]): string {
  return `adds ${kinds.map((kind) => `${added?.[kind] ?? 0} us per ${ADDABLE[kind].each}`).join(' and ')}`;
}

/** In words; undefined if nothing is added. */
export function addedWords(added: Added = {}): string | undefined {
  const words = told(added).map(([kind, us]) => `${us} µs per ${ADDABLE[kind].each}`);
  return words.length === 0 ? undefined : words.join(' and ');
}

function told(added: Added): [Addable, number][] {
  return Object.entries(added).filter((entry): entry is [Addable, number] => typeof entry[1] === 'number');
}
