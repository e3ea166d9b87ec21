import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { execa } from 'execa';
import { takeLock } from '../../src/process/lock.ts';
import { ownProcess, startTicksOf } from '../../src/process/process-id.ts';
import { inDirectory } from '../support/directory.ts';

const own = ownProcess();
const OWN = `${own.pid} ${own.startTicks}\n`;

describe('a lock', () => {
  it('names its holder by number and start, and is gone when given back', () => {
    inDirectory((directory) => {
      const path = join(directory, 'a.lock');
      const lock = takeLock(path);
      assert.ok(lock.taken);
      assert.equal(readFileSync(path, 'utf8'), OWN);
      assert.deepEqual(takeLock(path), { taken: false, holder: own }, 'a second time too');
      lock.release();
      assert.deepEqual(readdirSync(directory), []);
    });
  });

  it('is not taken from a holder that lives, whether its start is known or not', () => {
    inDirectory((directory) => {
      const path = join(directory, 'a.lock');
      for (const pid of [process.pid, process.ppid, 1])
        for (const startTicks of [startTicksOf(pid) ?? 0, 0]) {
          const text = startTicks === 0 ? `${pid}\n` : `${pid} ${startTicks}\n`;
          writeFileSync(path, text);
          assert.deepEqual(takeLock(path), { taken: false, holder: { pid, startTicks } });
          assert.equal(readFileSync(path, 'utf8'), text);
        }
    });
  });

  it('is taken over from who is gone, from another of the same number, and from nobody', () => {
    const gone = spawnSync(process.execPath, ['--version']).pid;
    inDirectory((directory) => {
      const path = join(directory, 'a.lock');
      for (const text of [`${gone}\n`, `${gone} 5\n`, `${own.pid} 5\n`, '', 'nonsense', '-1', '0']) {
        writeFileSync(path, text);
        const lock = takeLock(path);
        assert.ok(lock.taken, text);
        assert.equal(readFileSync(path, 'utf8'), OWN, text);
        lock.release();
        assert.deepEqual(readdirSync(directory), [], text);
      }
    });
  });

  it('is held by one at a time, whoever comes at once to the remains of a crash', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'vgpubench-test-'));
    try {
      const path = join(directory, 'a.lock');
      const inside = join(directory, 'inside');
      writeFileSync(path, '0\n');
      // Each takes the lock 100 times, most times leaves it lying as a crash would, and looks for company.
      const program = `
        import { mkdirSync, rmdirSync, writeFileSync } from 'node:fs';
        import { takeLock } from ${JSON.stringify(join(import.meta.dirname, '../../src/process/lock.ts'))};
        let held = 0;
        for (const end = Date.now() + 20000; held < 100 && Date.now() < end;) {
          const lock = takeLock(${JSON.stringify(path)});
          if (!lock.taken) { continue; }
          held++;
          mkdirSync(${JSON.stringify(inside)});
          rmdirSync(${JSON.stringify(inside)});
          if (held % 8) writeFileSync(${JSON.stringify(path)}, '0\\n'); else lock.release();
        }
        process.exitCode = held === 100 ? 0 : 3;`;
      const args = ['--import', 'tsx', '--input-type=module', '-e', program];
      const all = await Promise.all(
        [1, 2, 3, 4].map(() => execa(process.execPath, args, { reject: false, timeout: 40_000 })),
      );
      for (const { exitCode, stderr } of all) assert.equal(exitCode, 0, stderr);
      assert.equal(existsSync(inside), false);
    } finally {
      rmSync(directory, { recursive: true });
    }
  });
});
