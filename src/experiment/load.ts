import { type Document, LineCounter, parseDocument } from 'yaml';
import { Problem, describeProblem, messageOf } from '../problem.ts';
import { notUtf8 } from './encoding.ts';
import { type Mistake, mistakesOf } from './mistakes.ts';
import { expectation } from '../words/expectation.ts';
import { oneOf } from '../words/nearest.ts';
import { type Locate, dotted, offsetOf, offsetOfBadAlias } from './position.ts';
import { contradictions } from './contradictions.ts';
import { readBytes } from './read-text.ts';
import { badReferences } from './references.ts';
import { type Experiment, experimentSchema } from './schema.ts';
import { withSelfComparison } from './self-comparison.ts';
import { type Flaw, flawOfText, flawsOf } from './structure.ts';
import { expand } from './expand.ts';
import { resolveVariables, unescapeVariables } from './variables.ts';
import { aliasWords, syntaxWords } from './yaml-words.ts';

const MOST_BYTES = 2 ** 20;
/** A limit on mistakes shown, more than anybody reads: the causes of the rest are not looked for. */
const MOST_MISTAKES = 100;

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads an experiment file as its author wrote it.
 * @param environment The values of its variables; null for a run's own copy, which has none left.
 * @returns the experiment with its text, in which variables are replaced by values
 * @throws Problem (exit code 2) that names every mistake as file:line:column.
 */
export function loadExperiment(
  file: string,
  environment: Environment | null = process.env,
): { experiment: Experiment; source: string } {
  const written = readExperiment(file);
  const source = environment === null ? written : withoutVariables(written, file, environment);
  return { experiment: parseExperiment(source, file), source };
}

function readExperiment(file: string): string {
  const bytes = bytesOf(file);
  const unread = notUtf8(bytes, file);
  if (unread === undefined) return bytes.toString('utf8');
  throw new Problem({
    code: 'VGB-EXPERIMENT-READ',
    message: `cannot read the experiment file ${file}`,
    expected: 'text in UTF-8',
    ...unread,
  });
}

function bytesOf(file: string): Buffer {
  try {
    return readBytes(file, MOST_BYTES);
  } catch (error) {
    throw new Problem({
      code: 'VGB-EXPERIMENT-READ',
      message: `cannot read the experiment file ${file}`,
      expected: `a readable YAML file of at most ${MOST_BYTES / 2 ** 20} MiB`,
      found: messageOf(error),
      next: 'check the path, or create one with: vgpubench init',
    });
  }
}

/** The text with variables replaced by values. @throws Problem that names each variable that is not set. */
function withoutVariables(written: string, file: string, environment: Environment): string {
  if (!written.includes('${')) return written;
  const { document, placed } = parseText(written, file);
  const { source, flaws } = resolveVariables(written, document, environment);
  if (flaws.length > 0) throw mistakesProblem(file, flaws.map(placed));
  return source;
}

/**
 * The text parsed as YAML, with a way to find the place of a value in it. @throws Problem if it is too large
 * to be parsed.
 */
function parseText(source: string, file: string) {
  const lines = new LineCounter();
  const at = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  const placed = ({ offset, ...flaw }: Flaw) => ({ ...at(offset), ...flaw });
  const unread = flawOfText(source, lines);
  if (unread !== undefined) throw mistakesProblem(file, [placed(unread)]);
  // The parser compares each key with all earlier ones.
  const document = parseDocument(source, {
    uniqueKeys: false,
    merge: true,
    prettyErrors: false,
    logLevel: 'error',
  });
  return { document, at, placed };
}

/** Parses the text of an experiment file without variables; `file` is only used in messages. */
export function parseExperiment(source: string, file: string): Experiment {
  const { document, at, placed } = parseText(source, file);
  const syntax = [...document.errors, ...document.warnings].map((error) => ({
    ...at(error.pos[0]),
    code: 'VGB-EXPERIMENT-SYNTAX',
    message: 'not well-formed YAML',
    ...syntaxWords(error),
  }));
  const malformed = [...syntax, ...flawsOf(document).map(placed)];
  if (malformed.length > 0) throw mistakesProblem(file, malformed);

  unescapeVariables(document);
  const { value, source: sourceOf, flaws } = expand(plainValue(document, file, at));
  if (flaws.length > 0)
    throw mistakesProblem(
      file,
      flaws.map(({ path, ...flaw }) => ({
        ...at(offsetOf(document, path)),
        code: 'VGB-EXPERIMENT-EXPAND',
        ...flaw,
      })),
    );
  const parsed = experimentSchema.safeParse(value, { reportInput: true, error: expectation });
  if (!parsed.success) {
    const { issues } = parsed.error;
    const mistakes = issues
      .slice(0, MOST_MISTAKES)
      .flatMap((issue) => mistakesOf({ ...issue, path: [...sourceOf(issue.path)] }, document, at));
    throw mistakesProblem(file, mistakes, issues.length);
  }
  const experiment = parsed.data;
  const references = badReferences(experiment);
  const misfits = contradictions(experiment);
  const crossed: Mistake[] = [
    ...references.slice(0, MOST_MISTAKES).map(({ path, what, word, words }) => {
      const { expected, next } = oneOf(word, words);
      const message = `${dotted(path)} refers to something that is not in this file`;
      return {
        ...at(offsetOf(document, sourceOf(path))),
        code: 'VGB-EXPERIMENT-REFERENCE',
        message,
        expected: `${what}: ${expected}`,
        found: word,
        next,
      };
    }),
    ...misfits.slice(0, MOST_MISTAKES).map(({ path, expected, found }) => ({
      ...at(offsetOf(document, sourceOf(path))),
      code: 'VGB-EXPERIMENT-CONTRADICTION',
      message: `${dotted(path)} contradicts another part of the file`,
      expected,
      found,
    })),
  ];
  if (crossed.length > 0) throw mistakesProblem(file, crossed, references.length + misfits.length);
  return withSelfComparison(experiment);
}

/**
 * The document as plain values. Only here does an alias without an anchor, or one that multiplies, show up.
 */
function plainValue(document: Document, file: string, at: Locate): unknown {
  try {
    return document.toJS() ?? {};
  } catch (error) {
    throw mistakesProblem(file, [
      {
        ...at(offsetOfBadAlias(document)),
        code: 'VGB-EXPERIMENT-SYNTAX',
        message: 'not well-formed YAML',
        ...aliasWords(error),
      },
    ]);
  }
}

/** @param all how many mistakes there are, some of which may not be listed. */
function mistakesProblem(file: string, mistakes: readonly Mistake[], all = mistakes.length): Problem {
  const told = [...mistakes]
    .sort((a, b) => a.line - b.line || a.column - b.column)
    .slice(0, MOST_MISTAKES)
    .map((m) => `${file}:${m.line}:${m.column}: ${describeProblem(m)}`);
  const count = Math.max(all, mistakes.length);
  return new Problem({
    code: 'VGB-EXPERIMENT',
    message: `${count === 1 ? '1 mistake' : `${count} mistakes`} in ${file}; nothing was changed`,
    details: count > told.length ? [...told, `and ${count - told.length} more`] : told,
    next: 'correct the file; for the whole format: vgpubench schema experiment',
  });
}
