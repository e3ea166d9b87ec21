/** A computer that is booted in two ways: its boots are part of the plan, and it is left as it was found. */
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, it } from 'node:test';
import { visits } from '../../src/plan/plan.ts';
import { readRun } from '../../src/record/read-run.ts';
import { restoreRun } from '../../src/run/restore.ts';
import { resumeRun } from '../../src/run/resume.ts';
import { runExperiment } from '../../src/run/run.ts';
import { reasons } from '../support/described/measured.ts';
import { HostBoots } from '../support/described/host-boots.ts';
import { Pvdrm } from '../support/described/pvdrm.ts';
import { describedXen } from '../support/described/suite.ts';
import { vgpubench } from '../support/cli.ts';
import { eventsIn as allEventsIn } from '../support/events.ts';
import { until } from '../support/processes.ts';

const BOOTS =
  "{ bare: { select: grub-reboot bare, check: '! test -e /sys/hypervisor/type' }, xen: { select: grub-reboot xen, check: test -e /sys/hypervisor/type } }";
const NATIVE = '  native: { use: native, on: bare, driver: nouveau }';
const DOM0 = '  dom0: { use: native, on: dom0, driver: nouveau, hypervisor: allowed }';
const PVDRM = '  pvdrm: { use: pvdrm, on: guest1 }';

const eventsIn = (directory: string) =>
  existsSync(join(directory, 'journal.jsonl')) ? allEventsIn(directory) : [];

describe('a machine that is booted in two ways', () => {
  let boots: HostBoots;
  const xen = describedXen(['guest1'], (host) => {
    new Pvdrm(host);
    boots = new HostBoots(host);
  });
  afterEach(() => {
    boots.renew();
  });

  function experiment({
    listed = BOOTS,
    reset = boots.resetCommand,
    blocks = 2,
    workload = 'mmul 20',
    modes = [NATIVE, DOM0],
  } = {}): string {
    const file = join(mkdtempSync(join(xen.folder, 'run-')), 'experiment.yaml');
    writeFileSync(
      file,
      `name: booted
baseline: ${/ (\w+):/.exec(modes[0] ?? '')?.[1] ?? ''}
machines:
  nv: { boots: ${listed}, reboot: reboot, ready: 3s${reset === '' ? '' : `, reset: '${reset}'`} }
targets:
  bare: { ssh: dom0, config: ${xen.sshConfig}, machine: nv, boot: bare }
${xen.targets().replace('  dom0: {', '  dom0: { machine: nv, boot: xen,')}
modes:
${modes.join('\n')}
workloads:
  - { use: command, name: mmul, run: '${workload}', metric: { pattern: 'GFLOPS: {value}', unit: GFLOP/s, better: higher } }
design: { blocks: ${blocks}, samples: 2, warmup: 0 }
`,
    );
    return file;
  }

  async function run(file: string) {
    const directory = join(file, '../run');
    const outcome = await runExperiment(file, { out: directory });
    return { ...outcome, ...readRun(directory) };
  }

  it('is booted anew for each block, in an order of its own, and started as it was found', async () => {
    const { exitCode, record, plan, results } = await run(experiment({ blocks: 4 }));
    assert.deepEqual([exitCode, results.unsuccessful, record.incidents], [0, [], []]);
    const planned = visits(plan.trials).map(
      ({ block, mode }) => `${block} ${mode === 'native' ? 'bare' : 'xen'}`,
    );
    assert.deepEqual(
      record.machineBoots.map(({ block, boot, ok }) => `${block} ${boot} ${ok ? 'up' : 'not up'}`),
      [...new Set(planned)].map((boot) => `${boot} up`),
    );
    assert.equal(new Set(planned.filter((_, index) => index % 2 === 0)).size, 4);
    assert.deepEqual(
      [...record.machines.values()].map(({ found }) => found),
      [null],
    );
    assert.equal(xen.host.bootedAs, 'xen');
    const { comparisons } = results;
    assert.deepEqual(
      comparisons.map(({ mode, boots }) => [mode, boots]),
      [['dom0', 4]],
    );
  });

  it('has guests that are started in each of its boots, and powered by their host', async () => {
    const { exitCode, record, results } = await run(experiment({ modes: [NATIVE, DOM0, PVDRM], blocks: 1 }));
    assert.deepEqual([exitCode, results.unsuccessful, record.incidents], [0, [], []]);
    assert.deepEqual(record.machineBoots.map(({ boot }) => boot).sort(), ['bare', 'xen']);
    assert.deepEqual([...xen.host.domains.keys()], ['guest1']);
  });

  it('is not restarted for modes that are all of the boot that it is in', async () => {
    const { exitCode, record } = await run(experiment({ modes: [DOM0] }));
    assert.deepEqual([exitCode, record.machineBoots, record.machines.size], [0, [], 0]);
  });

  it('whose selection has no effect gives no figure for the other boot', async () => {
    boots.selectsNothing = true;
    const { exitCode, results } = await run(experiment());
    assert.equal(exitCode, 4);
    assert.match(reasons({ results }, 'native')[0] ?? '', /nv was to start as bare, and what came up is/);
    assert.deepEqual(reasons({ results }, 'dom0'), []);
  });

  it('that does not come up is reset, and the run goes on', async () => {
    boots.hangs = 1;
    const { exitCode, record, results } = await run(experiment());
    assert.deepEqual([exitCode, results.unsuccessful], [0, []]);
    assert.deepEqual(
      record.rungs.map(({ rung, ok }) => [rung, ok]),
      [['reset-machine', true]],
    );
  });

  it('that does not come up and has no reset costs the modes of that boot, and is told', async () => {
    boots.hangs = 99;
    const { exitCode, results, record, directory } = await run(experiment({ reset: '', blocks: 1 }));
    assert.equal(exitCode, 4);
    assert.match(
      reasons({ results }, 'native')[0] ?? '',
      /nv does not answer|nv did not come up as bare within 3 s/,
    );
    assert.notEqual(record.machines.get('nv')?.found, null);
    // Somebody goes there and switches it on.
    boots.renew();
    const restored = await restoreRun(directory);
    assert.deepEqual(
      restored.map(({ ok }) => ok),
      [true],
    );
  });

  it('is gone on with after a kill -9 while it boots', async () => {
    const file = experiment({ blocks: 2 });
    const directory = join(file, '../run');
    boots.bootMs = 1000;
    const running = vgpubench(['run', file, '--out', directory], xen.folder);
    await until('it boots', () => eventsIn(directory).some(({ type }) => type === 'boot-planned'));
    running.kill('SIGKILL');
    await running;
    boots.bootMs = 200;
    const { exitCode, results } = await resumeRun(directory);
    assert.deepEqual([exitCode, results.unsuccessful, xen.host.bootedAs], [0, [], 'xen']);
  });

  it('is on its way back after an interrupt, which does not wait for it', async () => {
    const file = experiment({ blocks: 2, workload: 'mmul 20; sleep 1' });
    const stop = new AbortController();
    const directory = join(file, '../run');
    const running = runExperiment(file, { out: directory, signal: stop.signal });
    await until('a trial runs in the other boot', () =>
      eventsIn(directory).some((event) => event.type === 'trial-started' && event.trial.includes('native')),
    );
    stop.abort();
    const { exitCode } = await running;
    assert.equal(exitCode, 130);
    await until('it is up again', () => xen.host.dom0.on && xen.host.bootedAs === 'xen');
    const again = await resumeRun(directory);
    assert.deepEqual([again.exitCode, again.results.unsuccessful], [0, []]);
  });
});
