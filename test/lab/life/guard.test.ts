/** Whoever is killed while it has the lab, leaves nothing of it; a stand-in process is its machine here. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { execa } from 'execa';
import { endProcess } from '../../../src/lab/boot/processes.ts';
import { useLab } from '../../../src/lab/life/use.ts';
import { labPaths } from '../../../src/lab/paths.ts';
import { Problem } from '../../../src/problem.ts';
import { isRunning, type ProcessId } from '../../../src/process/process-id.ts';
import { processesWith, until } from '../../support/processes.ts';
import { testFolder } from '../../support/directory.ts';

const folder = testFolder();

const HOLDER = join(import.meta.dirname, '../../support/lab-holder.ts');

async function holder(cache: string) {
  const child = execa(process.execPath, ['--import', 'tsx', HOLDER, cache], {
    reject: false,
    timeout: 30_000,
  });
  const [said] = (await once(child.stdout, 'data')) as [Buffer];
  return { child, machine: JSON.parse(said.toString()) as ProcessId };
}

describe('a lab under a guard', () => {
  it('is taken down when its process is killed, and is nobody’s then', async () => {
    const cache = join(folder, 'killed');
    const { child, machine } = await holder(cache);
    assert.throws(
      () => useLab(labPaths(cache)),
      (error) => error instanceof Problem && error.message.includes(`process ${child.pid}`),
    );
    child.kill('SIGKILL');
    await child;
    await until('its machine has ended', () => !isRunning(machine));
    await until('its guard has gone', () => processesWith(cache).length === 0);
    assert.deepEqual(readdirSync(labPaths(cache).run), ['log']);
    useLab(labPaths(cache))();
  });

  it('that was released, outlives it', async () => {
    const cache = join(folder, 'released');
    const { child, machine } = await holder(cache);
    child.stdin.end('go\n');
    assert.equal((await child).exitCode, 0);
    assert.deepEqual(processesWith(cache), [], 'its guard has gone');
    assert.ok(isRunning(machine));
    assert.ok(existsSync(join(labPaths(cache).run, 'state.json')));
    await endProcess(machine);
  });
});
