/** What shells complete, asked of the shells themselves. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { execa } from 'execa';
import { completionFor } from '../../src/cli/completion.ts';
import { program } from '../../src/cli/program.ts';
import { testFolder } from '../support/directory.ts';

const scratch = testFolder();
const whole = program(() => undefined);

/** Lines that begin as a user types them, and some of what the last word may become. */
const CASES = [
  ['re', ['resume', 'restore', 'report']],
  ['lab ', ['up', 'down', 'status', 'run', 'ssh', 'snapshots']],
  ['lab up --c', ['--cold']],
  ['run --o', ['--out', '--only', '--open']],
  ['run --out x --b', ['--blocks']],
  ['list ', ['modes', 'workloads']],
  ['completion ', ['bash', 'zsh', 'fish']],
  ['compare --inconclusive ', ['pass', 'fail']],
] as const;

const ASKING = {
  bash: (script: string, line: string) =>
    `source ${script}; COMP_WORDS=(vgpubench ${line.replace(/ $/, " ''")}); COMP_CWORD=$((\${#COMP_WORDS[@]} - 1)); _vgpubench; printf '%s\\n' "\${COMPREPLY[@]}"`,
  fish: (script: string, line: string) => `source ${script}; complete -C "vgpubench ${line}" | cut -f1`,
};

for (const shell of ['bash', 'fish'] as const)
  describe(`completion in ${shell}`, () => {
    const script = join(scratch, shell);
    writeFileSync(script, completionFor(shell, whole));

    for (const [line, expected] of CASES)
      it(`knows what comes after: vgpubench ${line}`, async (test) => {
        const { stdout, failed, code } = await execa(shell, ['-c', ASKING[shell](script, line)], {
          reject: false,
          cwd: scratch,
          env: { HOME: scratch },
        });
        if (failed && code === 'ENOENT') {
          test.skip(`no ${shell} here`);
          return;
        }
        assert.deepEqual(stdout.split('\n').sort(), [...expected].sort());
      });
  });

describe('completion in zsh', () => {
  it('has every command, option and word that the others have', () => {
    const text = completionFor('zsh', whole);
    for (const word of ["'run '", "'lab up '", '--blocks:', "'modes'", "'snapshots:"])
      assert.ok(text.includes(word));
  });

  it('is what zsh can read', async (test) => {
    const script = join(scratch, 'zsh');
    writeFileSync(script, completionFor('zsh', whole));
    const { failed, code, stderr } = await execa('zsh', ['-n', script], { reject: false });
    if (failed && code === 'ENOENT') test.skip('no zsh here');
    else assert.equal(failed, false, stderr);
  });
});
