/** Runs that are cut off over and over, at any moment, by the death of each kind of process that carries them. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { seeded } from '../../src/statistics/prng.ts';
import { readRun } from '../../src/record/read-run.ts';
import { vgpubench } from '../support/cli.ts';
import { markedExperiment } from '../support/experiment.ts';
import { descendantsOf, parentOf, processesWith, programOf, until } from '../support/processes.ts';
import { testTargets } from '../support/targets.ts';
import { assertWhole } from '../support/whole-run.ts';

const KILLS = { harness: 150, ssh: 50, sshd: 20 };
/** Samples of 60 ms, of which a trial has 5. */
const SAMPLES = 5;
const NAP_S = 0.06;

/** How often in a row what connects anew is killed before a trial has begun. */
const KILLS_IN_VAIN = 3;

/** More than such a run takes to its end beside four other tests. */
const WHOLE_MS = 900_000;

describe('a run that is cut off', () => {
  const lab = testTargets([{ alias: 'a' }]);

  function prepare(name: string, blocks: number) {
    const [file, marker] = [join(lab.folder, `${name}.yaml`), join(lab.folder, `${name}.ran`)];
    const { sshConfig } = lab.servers;
    writeFileSync(file, markedExperiment({ sshConfig, marker, blocks, samples: SAMPLES, seconds: NAP_S }));
    return { file, marker, directory: join(lab.folder, name) };
  }

  /** Nothing is lost, nothing was run twice, and nothing is left in the guest. */
  function assertClean(directory: string, marker: string): void {
    assertWhole(directory, marker, SAMPLES);
    const { token = '' } = readRun(directory).record;
    assert.match(token, /^\w+$/);
    assert.deepEqual(
      readdirSync('/dev/shm').filter((name) => name.includes(token)),
      [],
    );
    assert.deepEqual(processesWith(token), []);
  }

  it(`by kill -9 of the harness, ${KILLS.harness} times`, async (context) => {
    const random = seeded(1);
    const { file, marker, directory } = prepare('harness', 90);
    let running = vgpubench(['run', file, '--out', directory], lab.folder, {}, WHOLE_MS);
    let killed = 0;
    await until('it has begun', () => existsSync(join(directory, 'journal.jsonl')));
    while (killed < KILLS.harness) {
      // From before it has connected to some samples later.
      await sleep(300 + (random.uint32() % 900));
      if (running.exitCode !== null) break;
      running.kill('SIGKILL');
      await running;
      killed++;
      running = vgpubench(['resume', directory], lab.folder, {}, WHOLE_MS);
    }
    const { exitCode, stderr } = await running;
    assert.equal(exitCode, 0, stderr);
    context.diagnostic(`${killed} kills`);
    assert.equal(killed, KILLS.harness, 'the run was long enough');
    assertClean(directory, marker);
  });

  for (const [what, kills, victims] of [
    [
      'a child of ssh',
      KILLS.ssh,
      (pid: number) => descendantsOf(pid).filter((one) => programOf(one) === 'ssh'),
    ],
    [
      'the server’s session',
      KILLS.sshd,
      () => processesWith('sshd').filter((pid) => parentOf(pid) === lab.servers.pid('a')),
    ],
  ] as const)
    it(`by the death of ${what}, ${kills} times`, async (context) => {
      const random = seeded(2);
      const { file, marker, directory } = prepare(`victims-${kills}`, 60);
      const running = vgpubench(['run', file, '--out', directory], lab.folder, {}, WHOLE_MS);
      let killed = 0;
      const journal = join(directory, 'journal.jsonl');
      const started = () =>
        existsSync(journal) ? readFileSync(journal, 'utf8').split('trial-started').length - 1 : 0;
      // A target that has not answered yet is given up sooner, and one that is lost anew for a minute is given up.
      let [trials, inVain] = [0, KILLS_IN_VAIN];
      while (killed < kills && running.exitCode === null) {
        if (inVain === KILLS_IN_VAIN)
          await until('it measures', () => started() > trials || running.exitCode !== null, WHOLE_MS);
        if (started() > trials) [trials, inVain] = [started(), 0];
        await sleep(200 + (random.uint32() % 600));
        const found = victims(running.pid ?? 0);
        const victim = found[random.uint32() % Math.max(1, found.length)];
        if (victim === undefined) continue;
        try {
          process.kill(victim, 'SIGKILL');
          killed++;
          inVain++;
        } catch {
          // It ended meanwhile.
        }
      }
      const { exitCode, stderr } = await running;
      context.diagnostic(`${killed} kills`);
      assert.equal(exitCode, 0, stderr);
      assert.equal(killed, kills, 'the run was long enough');
      assertClean(directory, marker);
    });
});
