/**
 * Structures that no experiment file may contain, whatever its keys mean. Checked before the keys are
 * interpreted, in linear time: lists in one megabyte of text can make most other checks take far longer.
 */
import { type Document, Lexer, type LineCounter, Parser, isAlias, isNode, isScalar, visit } from 'yaml';

export interface Flaw {
  offset: number;
  code: string;
  message: string;
  expected: string;
  found: string;
}

const MOST_WORDS = 250_000;
const MOST_LEVELS = 100;
const MOST_ENTRIES = 10_000;

/**
 * A flaw that rules out even parsing the text: parsing takes time, and recurses at each level.
 * @param lines Collects the starts of lines.
 */
export function flawOfText(source: string, lines: LineCounter): Flaw | undefined {
  const parser = new Parser(lines.addNewLine);
  lines.addNewLine(0);
  let words = 0;
  for (const word of new Lexer().lex(source)) {
    Array.from(parser.next(word));
    if (++words > MOST_WORDS) return tooLarge(parser.offset, `at most ${MOST_WORDS} words and signs`, 'more');
    if (parser.stack.length > MOST_LEVELS)
      return tooLarge(parser.offset, `at most ${MOST_LEVELS} nested levels`, 'more');
  }
  return undefined;
}

/** Keys that occur twice or can't be used; if lists or maps are too long, only those. */
export function flawsOf(document: Document): Flaw[] {
  const long: Flaw[] = [];
  const flaws: Flaw[] = [];
  const named = new Map<string, string>();
  const seen = new Map<unknown, Set<string>>();
  visit(document, {
    Collection: (_, { items, range }) => {
      if (items.length > MOST_ENTRIES)
        long.push(tooLarge(range?.[0] ?? 0, `at most ${MOST_ENTRIES} entries`, String(items.length)));
    },
    Scalar: (_, { anchor, value }) => {
      if (anchor !== undefined) named.set(anchor, String(value));
    },
    Pair: (_, { key }, path) => {
      const name = isAlias(key) ? named.get(key.source) : isScalar(key) ? String(key.value) : undefined;
      if (name === undefined || !isNode(key)) return;
      const names = seen.get(path.at(-1)) ?? new Set<string>();
      seen.set(path.at(-1), names);
      const flaw = name === '__proto__' ? LOST : names.has(name) ? TWICE : undefined;
      if (flaw !== undefined) flaws.push({ ...flaw, offset: key.range?.[0] ?? 0, found: name });
      names.add(name);
    },
  });
  return long.length > 0 ? long : flaws;
}

const TWICE = {
  code: 'VGB-EXPERIMENT-DUPLICATE',
  message: 'the same key twice in one map',
  expected: 'each key once',
};

/** zod ignores it, as if it were not there. */
const LOST = {
  code: 'VGB-EXPERIMENT-KEY',
  message: 'a reserved key',
  expected: 'any other name, because JavaScript reserves this one',
};

function tooLarge(offset: number, expected: string, found: string): Flaw {
  return { offset, code: 'VGB-EXPERIMENT-SIZE', message: 'too large to be an experiment', expected, found };
}
