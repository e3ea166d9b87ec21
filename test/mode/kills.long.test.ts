/** PVDRM and XenGT in one experiment, on two described hosts, cut off over and over, also while guests and hosts boot. */
import assert from 'node:assert/strict';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { seeded } from '../../src/statistics/prng.ts';
import { readRun } from '../../src/record/read-run.ts';
import { vgpubench } from '../support/cli.ts';
import { HostBoots } from '../support/described/host-boots.ts';
import { Pvdrm } from '../support/described/pvdrm.ts';
import { describedXen } from '../support/described/suite.ts';
import { stateOfXen } from '../support/described/xen-host.ts';
import { Xengt } from '../support/described/xengt.ts';
import { eventsIn } from '../support/events.ts';
import { until } from '../support/processes.ts';

/** `KILLS=100` for as many. */
const KILLS = Number(process.env['KILLS'] ?? 12);
const SAMPLES = 3;

describe('a run of both systems that is cut off', () => {
  const boots: HostBoots[] = [];
  const nvidia = describedXen(['guest1'], (host) => {
    new Pvdrm(host);
    boots[0] = new HostBoots(host);
  });
  const intel = describedXen(['guest2'], (host) => {
    new Xengt(host);
    boots[1] = new HostBoots(host);
  });

  it(`by kill -9 of the harness, ${KILLS} times, loses no sample, and leaves both hosts as they were`, async (context) => {
    const file = join(nvidia.folder, 'both.yaml');
    writeFileSync(
      file,
      `name: both
baseline: native
machines:
  nv: ${boots[0]?.machine('10s') ?? ''}
  igd: ${boots[1]?.machine('10s') ?? ''}
targets:
${nvidia.targets('dom0', 'nv')}
${intel.targets('dom0-i', 'igd')}
modes:
  native: { use: native, on: bare, driver: nouveau }
  dom0: { use: native, on: dom0, driver: nouveau, hypervisor: allowed }
  pvdrm: { use: pvdrm, on: guest1, sequential: false }
  pvdrm-cache: { extends: pvdrm, cache: true }
  native-i915: { use: native, on: bare-i, driver: i915 }
  mediated: { use: xengt, on: guest2, fences: 8, baseline: native-i915 }
workloads:
  - { use: command, name: mmul, run: 'mmul {size}; sleep 0.2', sweep: { size: [10, 20] }, metric: { pattern: 'GFLOPS: {value}', unit: GFLOP/s, better: higher } }
design: { blocks: ${Math.ceil(KILLS / 8)}, samples: ${SAMPLES}, warmup: 0 }
`,
    );
    const directory = join(nvidia.folder, 'both');
    const before = [nvidia, intel].map(({ host }) => stateOfXen(host));
    const random = seeded(7);
    let running = vgpubench(['run', file, '--out', directory], nvidia.folder);
    await until('it has begun', () => existsSync(join(directory, 'journal.jsonl')));
    let killed = 0;
    while (killed < KILLS) {
      await sleep(500 + (random.uint32() % 5000));
      if (running.exitCode !== null) break;
      running.kill('SIGKILL');
      await running;
      killed++;
      running = vgpubench(['resume', directory], nvidia.folder);
    }
    // A session that takes longer than a command may is ended as by Ctrl-C, and goes on with the next.
    let ended = await running;
    for (let more = 0; ended.exitCode !== 0 && ended.timedOut && more < 5; more++)
      ended = await vgpubench(['resume', directory], nvidia.folder);
    const { exitCode, stderr } = ended;
    context.diagnostic(`${killed} kills`);
    assert.equal(exitCode, 0, stderr);
    assert.ok(killed > KILLS / 2, 'the run was long enough');

    const { plan, record } = readRun(directory);
    const events = eventsIn(directory);
    for (const { id } of plan.trials) {
      const { attempt, outcome } = record.trials.get(id)!;
      assert.equal(outcome?.kind, 'completed', id);
      const own = events.flatMap((event) =>
        event.type === 'sample' && event.trial === id && event.attempt === attempt ? event.index : [],
      );
      assert.deepEqual(
        own,
        Array.from({ length: SAMPLES }, (_, index) => index),
        id,
      );
    }
    assert.equal(record.pendingUndo.size, 0);
    assert.deepEqual(
      [nvidia, intel].map(({ host }) => stateOfXen(host)),
      before,
    );
  });
});
