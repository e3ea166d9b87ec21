import type { Document } from 'yaml';
import type { z } from 'zod';
import type { ProblemText } from '../problem.ts';
import { oneOf } from '../words/nearest.ts';
import { type Locate, dotted, offsetOf, valueAt } from './position.ts';
import { discriminators, knownKeys } from './vocabulary.ts';

/** A mistake in an experiment file, with its place. Lines and columns count from 1. */
export interface Mistake extends ProblemText {
  line: number;
  column: number;
}

/** What one zod issue means to the author of the file: one mistake, or one for each wrong key. */
export function mistakesOf(issue: z.core.$ZodIssue, document: Document, at: Locate): Mistake[] {
  const where = issue.path.length === 0 ? 'the experiment' : dotted(issue.path);
  if (issue.code === 'unrecognized_keys') {
    const words = knownKeys(issue.path, document);
    return issue.keys.map((key) => ({
      ...at(offsetOf(document, [...issue.path, key], true)),
      code: 'VGB-EXPERIMENT-KEY',
      message: `unknown key in ${where}`,
      ...oneOf(key, words),
      found: key,
    }));
  }
  if (issue.code === 'invalid_union' && 'discriminator' in issue && issue.discriminator === 'use') {
    const path = issue.path.at(-1) === 'use' ? issue.path : [...issue.path, 'use'];
    const words = discriminators(path);
    const word = valueAt(document, path);
    return [
      {
        ...at(offsetOf(document, path)),
        code: 'VGB-EXPERIMENT-USE',
        message: `${where} uses something that is not built in`,
        ...(typeof word === 'string'
          ? oneOf(word, words)
          : { expected: `use: one of ${words.join(', ')}`, next: undefined }),
        found: word === undefined ? 'no key “use”' : show(word),
      },
    ];
  }
  const found = issue.input === undefined ? 'nothing' : show(issue.input);
  if (issue.code === 'invalid_value') {
    const words = issue.values.map(String);
    return [
      {
        ...at(offsetOf(document, issue.path)),
        code: 'VGB-EXPERIMENT-VALUE',
        message: `${where} is not one of the allowed words`,
        ...oneOf(typeof issue.input === 'string' ? issue.input : '', words),
        found,
      },
    ];
  }
  if (issue.code === 'invalid_key')
    return [
      {
        ...at(offsetOf(document, issue.path, true)),
        code: 'VGB-EXPERIMENT-VALUE',
        message: `${where}: the key is invalid`,
        expected: clean(issue.issues[0]?.message ?? issue.message),
        found,
      },
    ];
  const meant = issue.code === 'invalid_union' ? optionMeant(issue.errors) : undefined;
  if (meant !== undefined)
    return meant.flatMap((inner) =>
      mistakesOf({ ...inner, path: [...issue.path, ...inner.path] }, document, at),
    );
  const missing = issue.input === undefined && issue.path.length > 0;
  const expected = issue.code === 'invalid_union' ? issue.errors.flat() : [issue];
  return [
    {
      ...at(offsetOf(document, issue.path)),
      code: missing ? 'VGB-EXPERIMENT-MISSING' : 'VGB-EXPERIMENT-VALUE',
      message: missing ? `${where} is missing` : `${where} is invalid`,
      expected: expected
        .map((one) => clean(one.message))
        .filter(unique)
        .join(', or '),
      found: told(issue, document) ?? found,
    },
  ];
}

/** What a check across several keys says it found: our own words, not the file's. */
function told(issue: z.core.$ZodIssue, document: Document): string | undefined {
  const ours = issue.code === 'custom' && issue.input !== valueAt(document, issue.path);
  return ours && typeof issue.input === 'string' ? issue.input : undefined;
}

/** Of several alternatives, the one whose type the value has, if any: its mistakes are the author's. */
function optionMeant(options: readonly z.core.$ZodIssue[][]): z.core.$ZodIssue[] | undefined {
  const fitting = options.filter(
    (issues) => !issues.some(({ code, path }) => code === 'invalid_type' && path.length === 0),
  );
  return fitting.length === 1 ? fitting[0] : undefined;
}

/** Our layout already prints that word. */
function clean(message: string): string {
  return message.replace(/^expected /, '');
}

function unique(value: string, index: number, all: string[]): boolean {
  return all.indexOf(value) === index;
}

function show(value: unknown): string {
  const text = textOf(value);
  if (text === undefined) return 'nothing';
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}

function textOf(value: unknown): string | undefined {
  try {
    return JSON.stringify(value);
  } catch {
    return 'a value that holds itself';
  }
}
