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

/** What a list or a text is measured in. */
const PARTS: Readonly<Record<string, readonly [one: string, many: string]>> = {
  string: ['character', 'characters'],
  array: ['entry', 'entries'],
};

/**
 * The error map that zod is given: what a value was expected to be, in words of the file's author and not of the schema.
 * What a schema says itself goes before it.
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

/** The first thing that a JSON file of ours has otherwise, with its place as jq has it. */
export function firstIssue({ issues: [issue] }: z.core.$ZodError): string {
  return `${issue?.path.map(String).join('.') ?? ''}: ${issue?.message ?? ''}`;
}
