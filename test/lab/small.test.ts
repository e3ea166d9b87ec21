/** The lab's own head, mkdir, setsid and sleep, held against busybox's, which does what they leave. */
import assert from 'node:assert/strict';
import { existsSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, it } from 'node:test';
import { execa } from 'execa';
import { make } from '../support/make.ts';
import { testFolder } from '../support/directory.ts';

const folder = testFolder();
const BUSYBOX = '/bin/busybox';

/** What a program of that name said, and how it ended; `busybox`: as busybox does it. */
async function said(by: 'small' | 'busybox', ...command: [string, ...string[]]) {
  const [name, ...args] = command;
  const program = by === 'small' ? [join(folder, name)] : [BUSYBOX, name];
  const [file = '', ...more] = [...program, ...args];
  const options = { cwd: folder, reject: false, encoding: 'buffer', stdin: 'ignore' } as const;
  const { exitCode, stdout, stderr } = await execa(file, more, options);
  return { exitCode, stdout: Buffer.from(stdout), stderr: Buffer.from(stderr).toString() };
}

describe('a small program of the lab', () => {
  before(async () => {
    await make(folder, 'small');
    for (const name of ['head', 'mkdir', 'setsid', 'sleep']) symlinkSync('small', join(folder, name));
    writeFileSync(join(folder, 'bytes'), Buffer.from(Array.from({ length: 10_000 }, (_, at) => at % 256)));
    writeFileSync(join(folder, 'lines'), 'one\ntwo\nthree\n');
  });

  it('does what busybox does, where it does it itself and where it leaves it to that', async () => {
    assert.ok(existsSync(BUSYBOX), 'busybox is where the lab’s machines have it');
    const commands: [string, ...string[]][] = [
      ...['0', '1', '4096', '4097', '9999', '10000', '10001', '99999999'].map(
        (bytes): [string, ...string[]] => ['head', '-c', bytes, 'bytes'],
      ),
      ['head', '-n', '2', 'lines'],
      ['head', 'lines'],
      ['head', '-c', '5', 'nothing'],
      ['head', '-c', '1k', 'bytes'],
      ['sleep', '0'],
      ['sleep', '0.02'],
      ['sleep', 'long'],
      ['mkdir', 'bytes'],
      ['mkdir', 'not/there'],
      ['setsid', 'sh', '-c', 'exit 7'],
      ['setsid', 'printf', '%s', 'a b'],
    ];
    for (const command of commands)
      assert.deepEqual(await said('small', ...command), await said('busybox', ...command), command.join(' '));
  });

  it('makes a directory, and a session', async () => {
    assert.equal((await said('small', 'mkdir', 'made')).exitCode, 0);
    assert.ok(existsSync(join(folder, 'made')));
    const { stdout } = await said('small', 'setsid', 'sh', '-c', 'read -r l </proc/self/stat; echo $$ $l');
    const [pid, , , , , , session] = stdout.toString().split(' ');
    assert.equal(session, pid);
    assert.deepEqual(await said('small', 'setsid', 'no-such-program'), {
      ...{ exitCode: 127, stdout: Buffer.alloc(0), stderr: "setsid: can't execute 'no-such-program'" },
    });
  });

  it('sleeps as long as it is told to', async () => {
    const began = performance.now();
    await said('small', 'sleep', '1.25');
    const tookMs = performance.now() - began;
    assert.ok(tookMs >= 1250, `it slept for ${tookMs} ms`);
  });
});
