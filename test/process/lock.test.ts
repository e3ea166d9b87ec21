import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { execa } from 'execa';
import { holderOf, takeLock } from '../../src/process/lock.ts';
import { ownProcess, startTicksOf } from '../../src/process/process-id.ts';
import { inDirectory, testFolder } from '../support/directory.ts';

const own = ownProcess();
const OWN = `${own.pid}-${own.startTicks}`;

describe('a lock', () => {
  it('names its holder by number and start, and is gone when given back', () => {
    inDirectory((directory) => {
      const path = join(directory, 'a.lock');
      const lock = takeLock(path);
      assert.ok(lock.taken);
      assert.deepEqual(readdirSync(path), [OWN]);
      assert.deepEqual(takeLock(path), { taken: false, holder: own }, 'a second time too');
      lock.release();
      assert.deepEqual(readdirSync(directory), []);
    });
  });

  /** A lock of this form, and one of the older form, which was a file. */
  const FORMS: Record<string, (path: string, pid: number | string, start: number | string) => string> = {
    'a folder': (path, pid, start) => {
      const name = `${pid}-${start}`;
      mkdirSync(path);
      writeFileSync(join(path, name), '');
      return name;
    },
    'a file': (path, pid, start) => {
      writeFileSync(path, `${pid} ${start}\n`);
      return path;
    },
  };

  for (const [form, write] of Object.entries(FORMS)) {
    it(`that is ${form} is not taken from a holder that lives, whether its start is known or not`, () => {
      for (const pid of [process.pid, process.ppid, 1])
        for (const startTicks of [startTicksOf(pid) ?? 0, 0])
          inDirectory((directory) => {
            const path = join(directory, 'a.lock');
            write(path, pid, startTicks);
            assert.deepEqual(takeLock(path), { taken: false, holder: { pid, startTicks } });
            assert.deepEqual(holderOf(path), { pid, startTicks });
            assert.deepEqual(readdirSync(directory), ['a.lock']);
          });
    });

    it(`that is ${form} is taken over from who is gone, from another of the same number, and from nobody`, () => {
      const gone = spawnSync(process.execPath, ['--version']).pid;
      for (const [pid, start] of [
        ...[[gone, 0] as const, [gone, 5] as const, [own.pid, 5] as const],
        ...[['', ''] as const, ['nonsense', ''] as const, ['-1', ''] as const, [0, 0] as const],
      ])
        inDirectory((directory) => {
          const path = join(directory, 'a.lock');
          write(path, pid, start);
          const lock = takeLock(path);
          assert.ok(lock.taken, `${pid} ${start}`);
          assert.deepEqual(readdirSync(path), [OWN]);
          lock.release();
          assert.deepEqual(readdirSync(directory), []);
        });
    });
  }

  it('is held by one at a time, whoever comes at once to the remains of a crash', async () => {
    const directory = testFolder();
    const [path, inside] = [join(directory, 'a.lock'), join(directory, 'inside')];
    FORMS['a folder']!(path, 0, 0);
    // Each takes the lock 200 times, most times leaves it lying as a crash would, and looks for company.
    const program = `
      import { mkdirSync, readdirSync, renameSync, rmdirSync } from 'node:fs';
      import { holderOf, takeLock } from ${JSON.stringify(join(import.meta.dirname, '../../src/process/lock.ts'))};
      const path = ${JSON.stringify(path)};
      let held = 0;
      for (const end = Date.now() + 40000; held < 200 && Date.now() < end;) {
        const lock = takeLock(path);
        if (!lock.taken) continue;
        held++;
        mkdirSync(${JSON.stringify(inside)});
        rmdirSync(${JSON.stringify(inside)});
        if (held % 8) renameSync(path + '/' + readdirSync(path)[0], path + '/0-0'); else lock.release();
      }
      process.exitCode = held === 200 ? 0 : 3;`;
    const args = ['--import', 'tsx', '--input-type=module', '-e', program];
    const all = await Promise.all(
      [1, 2, 3, 4].map(() => execa(process.execPath, args, { reject: false, timeout: 60_000 })),
    );
    for (const { exitCode, stderr } of all) assert.equal(exitCode, 0, stderr);
    assert.equal(existsSync(inside), false);
  });
});
