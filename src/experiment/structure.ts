/**
 * What no experiment file may hold, whatever its keys mean. It is looked for before anything asks what they mean, in
 * time that grows with the file alone: a text of a megabyte can hold lists for which little else does so.
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
 * The flaw for which a text is not even parsed: that takes its time, and calls itself at each level.
 * @param lines Learns where lines begin.
 */
export function flawOfText(source: string, lines: LineCounter): Flaw | undefined {
  const parser = new Parser(lines.addNewLine);
  lines.addNewLine(0);
  let words = 0;
  for (const word of new Lexer().lex(source)) {
    Array.from(parser.next(word));
    if (++words > MOST_WORDS)
      return tooLarge(parser.offset, `at most ${MOST_WORDS} words and signs`, 'more of them');
    if (parser.stack.length > MOST_LEVELS)
      return tooLarge(parser.offset, `at most ${MOST_LEVELS} levels, one in another`, 'more of them');
  }
  return undefined;
}

/** Keys that stand twice or can't be kept; where lists or maps are too long, nothing but these. */
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

/** zod passes over it, as over one that is not there. */
const LOST = {
  code: 'VGB-EXPERIMENT-KEY',
  message: 'a key that can’t be kept',
  expected: 'any other name: an object of JavaScript has this one for itself',
};

function tooLarge(offset: number, expected: string, found: string): Flaw {
  return { offset, code: 'VGB-EXPERIMENT-SIZE', message: 'too large to be an experiment', expected, found };
}
