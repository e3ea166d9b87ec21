import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { LinkLost } from '../../src/target/link.ts';
import type { RunResult } from '../../src/target/stream.ts';
import { parentOf, processesWith, programOf, until } from '../support/processes.ts';
import { SHELLS, limits, shellTargets, withStream } from './shells.ts';

describe('what ends a trial', () => {
  const lab = shellTargets();

  for (const alias of Object.keys(SHELLS))
    describe(`in ${alias}`, () => {
      it('ends forked, detached and stubborn processes with the trial', async () => {
        const target = lab.target(alias);
        const nap = `9${String(process.pid).padStart(7, '0')}`;
        const command = `trap '' TERM; sleep ${nap} & setsid sleep ${nap} & (setsid sh -c 'trap "" TERM HUP; sleep ${nap}' &) ; sleep 0.1; echo started`;
        await withStream(target, command, async (stream) => {
          assert.equal((await stream.run('s0')).stdout.toString(), 'started\n');
          assert.ok(processesWith(`sleep ${nap}`).length >= 3);
        });
        await until('nothing of it is left', () => processesWith(`sleep ${nap}`).length === 0);
      });

      it('finds what has left the group without a trace in its environment, and says so', async () => {
        const target = lab.target(alias);
        const nap = `7${String(process.pid).padStart(7, '0')}`;
        const stream = await target.openTrial({
          ...limits,
          directory: 'astray',
          command: `env -i PATH="$PATH" setsid sh -c '(sleep ${nap} </dev/null >/dev/null 2>&1 &)'; echo gone`,
        });
        assert.equal((await stream.run('s0')).stdout.toString(), 'gone\n');
        await until('it has left', () => {
          const own = processesWith(`sleep ${nap}`);
          return own.some((pid) => programOf(pid) === 'sleep' && !own.includes(parentOf(pid) ?? pid));
        });
        stream.close();
        const { left, ended } = await target.endTrial('astray', 0);
        assert.deepEqual([left.map(({ name }) => name), ended], [['sleep'], true]);
        assert.equal(processesWith(`sleep ${nap}`).length, 0);
      });

      it('ends a trial also where its directory is gone, and says so where it can’t', async () => {
        const target = lab.target(alias);
        const nap = `5${String(process.pid).padStart(7, '0')}`;
        const stream = await target.openTrial({
          ...limits,
          directory: 'gone',
          command: `rm -rf ${lab.files(target)}; setsid sleep ${nap} </dev/null >/dev/null 2>&1 & sleep ${nap}`,
        });
        void stream.run('s0').catch(() => undefined);
        await until('both run', () => {
          const own = processesWith(`sleep ${nap}`);
          return own.filter((pid) => programOf(pid) === 'sleep').length === 2;
        });
        stream.close();
        const { left, ended } = await target.endTrial('gone', 0);
        assert.deepEqual([left.map(({ name }) => name), ended], [['sleep'], true]);
        assert.equal(processesWith(`sleep ${nap}`).length, 0);
        await target.leave();
      });

      for (const [what, graceMs, trap, said] of [
        ['by TERM first, with time to put itself in order', 5000, 'echo bye >$0.bye; exit', 'bye\n'],
        ['by KILL at last where TERM does not do', 300, ':', undefined],
        ['by KILL at once without grace', 0, 'echo bye >$0.bye; exit', undefined],
      ] as const)
        it(`ends a trial that runs ${what}`, async () => {
          const target = lab.target(alias);
          const name = `${lab.folder}/${alias}.grace-${graceMs}`;
          const loop = `trap "${trap}" TERM; echo here >$0.here; while :; do sleep 0.02; done`;
          const stream = await target.openTrial({
            ...limits,
            directory: `ends-${graceMs}`,
            command: `sh -c '${loop}' ${name}`,
          });
          const running = stream.run('s0');
          await until('it runs', () => existsSync(`${name}.here`));
          stream.close();
          assert.deepEqual(await target.endTrial(`ends-${graceMs}`, graceMs), { left: [], ended: true });
          // What is slow to die has its control group killed, which takes the stream's shell along.
          const end = await running.catch((error: unknown) => error);
          assert.ok(end instanceof LinkLost || (end as RunResult).exitCode === 'lost', String(end));
          assert.equal(processesWith(name).length, 0);
          assert.equal(existsSync(`${name}.bye`) ? readFileSync(`${name}.bye`, 'utf8') : undefined, said);
        });
    });
});
