/** That no parser returns a number whose whole token is not in the text: shared by the core and the long tests. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Random, seeded } from '../../src/statistics/prng.ts';
import { clpeakWorkload } from '../../src/workload/clpeak/program.ts';
import { commandWorkload } from '../../src/workload/command/program.ts';
import { hashcatWorkload } from '../../src/workload/hashcat/program.ts';
import { type Workload, WorkloadFailure } from '../../src/workload/workload.ts';
import { fixture } from '../support/fixture.ts';
import { output } from '../support/output.ts';
import { oddToken, pick } from './odd-tokens.ts';

const SEED = process.env['TOKENS_SEED'] ?? '1';

interface Parser {
  workload: Workload;
  /** A text for it, most of them with something odd where a number stands. */
  text(random: Random): string;
  /** The pieces of such a text that stand by themselves; not what the parser would make of them. */
  pieces(text: string): string[];
  /** What a single group behind a comma is. */
  thousands?: ',';
}

/** A space that joins groups of digits, where it joins none. */
const LONE = /(?<!\d)[\u00a0\u2007\u2009\u202f]|[\u00a0\u2007\u2009\u202f](?!\d)/g;

const WHITE = /[ \t\n\r\f\v]+/;
const words = (text: string) => text.split(/[ \t\n\r\f\v;|]+|,(?!\d)/).map(bare);
/** Without the label that is glued before it, and the punctuation behind it. */
const bare = (word: string) =>
  word
    .replace(/^.*[A-Za-z][=:](?=\D?\d)/, '')
    .replace(/^[^\d.+-]*[=:([{>"'](?=\D*\d)/, '')
    .replace(/(?:%|[)\]}>"'”’.:!?])+$/, '');

const patterned = (pattern: string, lines: readonly string[], more: Partial<Parser> = {}): Parser => ({
  workload: commandWorkload({
    use: 'command',
    name: 'w',
    run: 'x',
    ...(more.thousands === undefined ? {} : { thousands: more.thousands }),
    metric: { pattern, unit: 'u', better: 'higher' },
  }),
  text: (random) =>
    Array.from({ length: 1 + random.integer(3) }, () =>
      pick([...lines, ...lines, 'warming up', `run ${oddToken(random)}`], random).replaceAll('#', () =>
        oddToken(random),
      ),
    ).join(pick(['\n', '\r\n', '\n\n'], random)),
  pieces: words,
  ...more,
});

/** A real output in which some of the numbers are something else, or stand beside something. */
const mutated = (text: string) => (random: Random) => {
  const rate = pick([0, 1, 3], random);
  return text.replace(/\d+(?:\.\d+)?/g, (number) => {
    if (random.integer(100) >= rate) return number;
    return pick([oddToken(random), `${number}${oddToken(random)}`, `${number} : 64\n  note : 32`], random);
  });
};

const clpeak = (format: 'text' | 'xml' | 'json', file: string, split: RegExp): Parser => ({
  workload: clpeakWorkload({ use: 'clpeak', tests: ['kernel-latency'], format, path: 'c' }),
  text: mutated(fixture(`clpeak/${file}`)),
  pieces: (text) => text.split(split),
});

/** White space, and what changes a terminal's colour. */
// eslint-disable-next-line no-control-regex -- it is what colours begin with
const BETWEEN = /(?:[ \t\n\r\f\v]|\u001b\[[\d;]*m)+/;

const PARSERS: Readonly<Record<string, Parser>> = {
  'a label': patterned('GFLOPS: {value}', ['GFLOPS: #', 'x GFLOPS:  # of #', '(GFLOPS: #)', 'GFLOPS:\n#']),
  'a label, with thousands': patterned('GFLOPS: {value}', ['GFLOPS: #', 'GFLOPS: #, #'], { thousands: ',' }),
  'a unit behind a space': patterned('{value} GB/s', ['# GB/s', '# MB/s, # GB/s', 't=# GB/s', '#\nGB/s']),
  'a unit that is glued': patterned('t={value}ms', ['t=#ms', 'xt= #ms.', 't=# ms', 't=#s'], {
    pieces: (text) => text.split(WHITE).map((word) => bare(word.replace(/ms[.,;:]*$/, ''))),
  }),
  'a number alone': patterned('{value}', ['#', '# #', 'at #']),
  'a column': patterned('a,{value},', ['a,#,300,400', 'b,#,1'], {
    pieces: (text) => text.split(/[,\n\r ]+/),
  }),
  'the next line': patterned('time:\n{value}', ['time:\n#', 'time:\r\n  # s', 'time: #']),
  'a field of JSON lines': {
    workload: commandWorkload({
      use: 'command',
      name: 'w',
      run: 'x',
      metric: { field: 'v.0', unit: 'u', better: 'higher' },
    }),
    text: (random) =>
      Array.from({ length: 1 + random.integer(2) }, () =>
        pick(
          [
            '{"v": [#, #]}',
            '{"v": {"0": #}}',
            '{"v": "#"}',
            '{"v": [[#]]}',
            '\ufeff{"v":[#]}',
            '{"v": "123"}',
          ],
          random,
        ).replaceAll('#', () =>
          random.integer(2) === 0 ? String(1 + random.integer(1e6)) : oddToken(random),
        ),
      ).join('\n'),
    pieces: (text) => text.split(/[^-+.\w]+/),
  },
  hashcat: {
    workload: hashcatWorkload({ use: 'hashcat', hash: 0, path: 'h' }),
    text: (random) =>
      Array.from({ length: 1 + random.integer(2) }, (_, at) => {
        const odd = (usual: string) => (random.integer(5) === 0 ? oddToken(random) : usual);
        const clock = pick(['-1', '4294967295', '2596'], random);
        return [
          odd(String(at + 1)),
          odd('0'),
          clock,
          odd(clock),
          '7.62',
          odd(String(1 + random.integer(1e6))),
        ].join(':');
      }).join('\n'),
    pieces: (text) => text.split(/[:\s]+/),
  },
  'clpeak 1.x’s text': clpeak('text', '1.1.2-pocl.txt', BETWEEN),
  'clpeak 2.x’s text': clpeak('text', '2.1.2-pocl.txt', BETWEEN),
  'clpeak 1.x’s XML': clpeak('xml', '1.1.2-pocl.xml', /[<> \t\n\r\f\v]+/),
  'clpeak 2.x’s JSON': clpeak('json', '2.1.2-pocl.json', /[{}[\]:,"\s]+/),
};

const NUMBER = /^[-+]?(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][-+]?\d+)?$/;
const GROUPS = /^[-+]?[1-9]\d{0,2}(?:,\d{3})+(?:\.\d+)?(?:[eE][-+]?\d+)?$/;

/** The numbers that a text has as whole tokens. */
function numbersIn(pieces: readonly string[], thousands?: ','): Set<number> {
  return new Set(
    pieces.flatMap((piece) => {
      if (NUMBER.test(piece)) return [Number(piece)];
      const groups =
        GROUPS.test(piece) &&
        (thousands === ',' || !/^[^.]*,\d+(?:[eE]|$)/.test(piece) || piece.split(',').length > 2);
      return groups ? [Number(piece.replaceAll(',', ''))] : [];
    }),
  );
}

function valuesOf(workload: Workload, text: string): number[] | undefined {
  try {
    return workload.parse(output(text)).flatMap(({ metrics }) => metrics.map(({ value }) => value));
  } catch (error) {
    if (error instanceof WorkloadFailure) return undefined;
    throw error;
  }
}

/** @param count of texts, over all parsers */
export function testWholeTokens(count: number): void {
  describe(`numbers in ${count} texts, of TOKENS_SEED=${SEED}`, () => {
    const each = Math.ceil(count / Object.keys(PARSERS).length);
    for (const [name, parser] of Object.entries(PARSERS))
      it(`are whole tokens of the text, or none are returned: ${name}`, () => {
        const random = seeded(`${SEED} ${name}`);
        let read = 0;
        let wouldBeWrong = 0;
        for (let at = 0; at < each; at += 1) {
          const told = parser.text(random);
          const pieces = parser.pieces(told.replace(LONE, ' '));
          const whole = numbersIn(pieces, parser.thousands);
          const values = valuesOf(parser.workload, told);
          if (values !== undefined) read += 1;
          for (const value of values ?? [])
            assert.ok(
              whole.has(value),
              `${value} is no whole token of ${JSON.stringify(told.slice(0, 2000))}`,
            );
          const beginnings = pieces.map((piece) => Number.parseFloat(piece));
          if (beginnings.some((value) => Number.isFinite(value) && !whole.has(value))) wouldBeWrong += 1;
        }
        // Neither would hold anything if all were refused, or if all were plain.
        assert.ok(read > each / 50, `${read} of ${each} were read`);
        assert.ok(wouldBeWrong > each / 50, `${wouldBeWrong} of ${each} have what only begins like a number`);
      });
  });
}
