/** A guest that is paused answers nothing, and its connection outlives that. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { parentOf, processesWith, until } from '../support/processes.ts';
import { testTargets } from '../support/targets.ts';

/** More than what makes a connection give up a silent peer. */
const LONG_MS = 14_000;

const SLEEPER = join(import.meta.dirname, '../support/sleeper.ts');

describe('a connection whose target falls asleep', { concurrency: true }, () => {
  const lab = testTargets([{ alias: 'nap' }, { alias: 'lost' }, { alias: 'orphan' }]);
  const serversOf = (alias: string) =>
    processesWith('sshd').filter((pid) => parentOf(pid) === lab.servers.pid(alias));

  it('is the same one once that is awake, however long it was silent', async () => {
    const target = lab.target('nap');
    await target.run(':');
    const [server = 0] = serversOf('nap');
    await target.sleep();
    process.kill(server, 'SIGSTOP');
    await sleep(LONG_MS);
    process.kill(server, 'SIGCONT');
    assert.equal((await target.run('echo awake')).stdout, 'awake\n');
    assert.deepEqual(serversOf('nap'), [server]);
  });

  it('is made anew where it was lost meanwhile', async () => {
    const target = lab.target('lost');
    await target.run(':');
    const [server = 0] = serversOf('lost');
    await target.sleep();
    process.kill(server, 'SIGKILL');
    await target.reconnect(() => undefined);
    assert.equal((await target.run('echo again')).stdout, 'again\n');
    assert.notDeepEqual(serversOf('lost'), [server]);
  });

  it('ends with the process that made it, also where that is killed', async () => {
    const args = ['--import', 'tsx', SLEEPER, lab.servers.sshConfig, 'orphan', lab.folder];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    await once(child.stdout, 'data');
    assert.equal(serversOf('orphan').length, 1);
    child.kill('SIGKILL');
    await until('nothing is connected', () => serversOf('orphan').length === 0);
  });
});
