import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { program } from '../src/cli/program.ts';
import { EXIT_CODES, type ExitCode, worse } from '../src/exit-code.ts';

describe('the exit codes', () => {
  it('have the one that matters more be left, of any two', () => {
    const codes = EXIT_CODES.map(({ code }) => code);
    assert.deepEqual(codes, [0, 3, 4, 1, 2, 130]);
    codes.forEach((less, at) => {
      for (const more of codes.slice(at)) {
        assert.equal(worse(less, more), more);
        assert.equal(worse(more, less), more);
      }
    });
  });

  it('are those of the table, and no other', () => {
    assert.throws(() => worse(0, 7 as ExitCode), /found 7/);
    assert.throws(() => worse(7 as ExitCode, 130), /found 7/);
  });

  it('stand in the README and in --help as the table has them', () => {
    const readme = readFileSync(join(import.meta.dirname, '../README.md'), 'utf8');
    let help = '';
    const whole = program(() => undefined).configureOutput({ writeOut: (text) => (help += text) });
    whole.outputHelp();
    for (const { code, meaning } of EXIT_CODES) {
      assert.match(help, new RegExp(`^  ${String(code).padEnd(3)}  ${meaning}$`, 'm'));
      const row = readme.split('\n').find((line) => line.startsWith(`| ${code} `));
      assert.equal(row?.split('|')[2]?.trim(), meaning);
    }
    assert.match(help, /the first of these is returned: 130, 2, 1, 4, 3, 0\./);
  });
});
