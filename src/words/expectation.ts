import type { z } from 'zod';

const TYPES: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  tuple: 'a list',
  object: 'a map of keys and values',
  record: 'a map of keys and values',
  null: 'nothing',
};

/** The unit in which the size of a list or text is given. */
const PARTS: Readonly<Record<string, readonly [one: string, many: string]>> = {
  string: ['character', 'characters'],
  array: ['entry', 'entries'],
};

/**
 * The error map given to zod: what a value was expected to be, in terms of the file's author rather than the
 * schema. A schema's own message takes precedence.
 */
export function expectation(issue: z.core.$ZodRawIssue): string | undefined {
  switch (issue.code) {
    case 'invalid_type':
      return `expected ${TYPES[issue.expected] ?? issue.expected}`;
    case 'too_small':
      return `expected ${bounded(issue.origin, issue.inclusive === false ? 'more than' : 'at least', issue.minimum)}`;
    case 'too_big':
      return `expected ${bounded(issue.origin, issue.inclusive === false ? 'less than' : 'at most', issue.maximum)}`;
    default:
      return undefined;
  }
}

function bounded(origin: string, words: string, bound: number | bigint): string {
  const parts = PARTS[origin];
  if (parts === undefined) return `${words} ${bound}`;
  return `${TYPES[origin] ?? origin} of ${words} ${bound} ${parts[bound === 1 ? 0 : 1]}`;
}

/** The first mismatch in a JSON file of ours, with its path in jq's notation. */
export function firstIssue({ issues: [issue] }: z.core.$ZodError): string {
  return `${issue?.path.map(String).join('.') ?? ''}: ${issue?.message ?? ''}`;
}
