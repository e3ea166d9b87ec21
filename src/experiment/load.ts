import { readFileSync } from 'node:fs';
import { type Document, LineCounter, parseDocument } from 'yaml';
import { Problem, describeProblem, messageOf } from '../problem.ts';
import { type Mistake, mistakesOf } from './mistakes.ts';
import { oneOf } from '../words/nearest.ts';
import { type Locate, offsetOf, offsetOfBadAlias, offsetsOfKey } from './position.ts';
import { contradictions } from './contradictions.ts';
import { badReferences } from './references.ts';
import { type Experiment, experimentSchema } from './schema.ts';
import { withSelfComparison } from './self-comparison.ts';

/**
 * Reads an experiment file.
 * @throws Problem (exit code 2) that names every mistake as file:line:column.
 */
export function loadExperiment(file: string): { experiment: Experiment; source: string } {
  let source: string;
  try {
    source = readFileSync(file, 'utf8');
  } catch (error) {
    throw new Problem({
      code: 'VGB-EXPERIMENT-READ',
      message: `cannot read the experiment file ${file}`,
      expected: 'a readable YAML file',
      found: messageOf(error),
      next: 'check the path, or make one with: vgpubench init',
    });
  }
  return { experiment: parseExperiment(source, file), source };
}

/** Parses the text of an experiment file; `file` is only used in messages. */
export function parseExperiment(source: string, file: string): Experiment {
  const lines = new LineCounter();
  const document = parseDocument(source, {
    lineCounter: lines,
    uniqueKeys: true,
    prettyErrors: false,
    logLevel: 'error',
  });
  const at = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  const syntax = [...document.errors, ...document.warnings].map((error) => ({
    ...at(error.pos[0]),
    code: error.code === 'DUPLICATE_KEY' ? 'VGB-EXPERIMENT-DUPLICATE' : 'VGB-EXPERIMENT-SYNTAX',
    message: error.code === 'DUPLICATE_KEY' ? 'the same key twice in one map' : 'not well-formed YAML',
    expected: error.code === 'DUPLICATE_KEY' ? 'each key once' : 'YAML 1.2',
    found: error.message,
  }));
  if (syntax.length > 0) throw mistakesProblem(file, syntax);
  const lost = offsetsOfKey(document, '__proto__').map((offset) => ({
    ...at(offset),
    code: 'VGB-EXPERIMENT-KEY',
    message: 'a key that can’t be kept',
    expected: 'any other name: an object of JavaScript has this one for itself',
    found: '__proto__',
  }));
  if (lost.length > 0) throw mistakesProblem(file, lost);

  const parsed = experimentSchema.safeParse(plainValue(document, file, at), { reportInput: true });
  if (!parsed.success) {
    const mistakes = parsed.error.issues.flatMap((issue) => mistakesOf(issue, document, at));
    throw mistakesProblem(file, mistakes);
  }
  const experiment = parsed.data;
  const crossed: Mistake[] = [
    ...badReferences(experiment).map(({ path, what, word, words }) => {
      const { expected, next } = oneOf(word, words);
      const message = `${path.join('.')} names nothing in this file`;
      return {
        ...at(offsetOf(document, path)),
        code: 'VGB-EXPERIMENT-REFERENCE',
        message,
        expected: `${what}: ${expected}`,
        found: word,
        next,
      };
    }),
    ...contradictions(experiment).map(({ path, expected, found }) => ({
      ...at(offsetOf(document, path)),
      code: 'VGB-EXPERIMENT-CONTRADICTION',
      message: `${path.join('.')} does not fit the rest`,
      expected,
      found,
    })),
  ];
  if (crossed.length > 0) throw mistakesProblem(file, crossed);
  return withSelfComparison(experiment);
}

/** The document without its YAML. Only here does it come out that an alias has no anchor, or multiplies. */
function plainValue(document: Document, file: string, at: Locate): unknown {
  try {
    return document.toJS() ?? {};
  } catch (error) {
    throw mistakesProblem(file, [
      {
        ...at(offsetOfBadAlias(document)),
        code: 'VGB-EXPERIMENT-SYNTAX',
        message: 'not well-formed YAML',
        expected: 'each alias (*name) after its anchor (&name), and few of them',
        found: messageOf(error),
      },
    ]);
  }
}

function mistakesProblem(file: string, mistakes: Mistake[]): Problem {
  const sorted = [...mistakes].sort((a, b) => a.line - b.line || a.column - b.column);
  const count = sorted.length === 1 ? '1 mistake' : `${sorted.length} mistakes`;
  return new Problem({
    code: 'VGB-EXPERIMENT',
    message: `${count} in ${file}; nothing was touched`,
    details: sorted.map((m) => `${file}:${m.line}:${m.column}: ${describeProblem(m)}`),
    next: 'correct the file; its whole format: vgpubench schema experiment',
  });
}
