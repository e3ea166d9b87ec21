import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { exports, quote } from '../../src/words/quote.ts';
import { testFolder } from '../support/directory.ts';

/** The guest's shell may be any of these; each is tried where it is installed. */
const SHELLS = [['sh'], ['dash'], ['bash'], ['busybox', 'sh']] as const;

/** What some shell takes for more than a text, alone or at the start of a word. */
const SPECIAL = [
  ...['', '~', '~root', '~/a', 'a=~', 'a:~', '*', 'a*', '?', '[a]', '{a,b}', '-n', '--', '$HOME', '$(id)'],
  ...[
    '`id`',
    '\\',
    '\\n',
    "'",
    "''",
    '"',
    '!',
    '!!',
    '#',
    '&',
    ';',
    '|',
    '<',
    '>',
    '(',
    ')',
    ' ',
    '\t',
    '\n',
    'a\n',
  ],
];
const text = fc.oneof(
  fc.constantFrom(...SPECIAL),
  fc.string({
    unit: fc.constantFrom(...SPECIAL, 'a', 'Z', '0', '9', '_', '/', '.', ',', ':', '=', '@', '%', '+'),
  }),
  fc.string({ unit: 'grapheme' }).filter((any) => !any.includes('\0')),
);

describe('a quoted text', () => {
  // Files for a pattern to match, and a home for a tilde to become.
  const folder = testFolder();
  for (const name of ['a', 'b', 'ab']) writeFileSync(join(folder, name), '');

  for (const [program, ...first] of SHELLS) {
    const run = (script: string) =>
      spawnSync(program, [...first, '-c', script], {
        cwd: folder,
        encoding: 'utf8',
        env: { ...process.env, HOME: folder },
      });
    const skip = run(':').status === 0 ? false : `no ${program} here`;

    it(`is one word, and that text, to ${[program, ...first].join(' ')}`, { skip }, () => {
      holds((texts) => `printf '%s\\0' ${texts.map(quote).join(' ')}`);
    });

    it(`is the value of a variable to ${[program, ...first].join(' ')}`, { skip }, () => {
      holds((texts) => texts.map((one) => `${exports({ NAME: one })}printf '%s\\0' "$NAME"\n`).join(''));
    });

    /** What the script prints of any texts is those texts, each with a NUL behind it. */
    function holds(script: (texts: readonly string[]) => string): void {
      const said = (texts: readonly string[]) => run(script(texts)).stdout.split('\0').slice(0, -1);
      assert.deepEqual(said(SPECIAL), SPECIAL);
      fc.assert(
        fc.property(fc.array(text, { minLength: 1, maxLength: 30 }), (texts) => {
          assert.deepEqual(said(texts), texts);
        }),
        { numRuns: 25, seed: 1 },
      );
    }
  }

  it('is left as it is where no shell would change it, so that a report stays readable', () => {
    for (const plain of ['mmul', './a/b.sh', 'A=1', 'user@host:22', '50%', 'a+b-c,d_e'])
      assert.equal(quote(plain), plain);
  });
});
