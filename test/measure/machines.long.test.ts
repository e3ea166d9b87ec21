/** A computer that is booted in two ways, and what may go wrong with it. */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { restoreRun } from '../../src/run/restore.ts';
import { resumeRun } from '../../src/run/resume.ts';
import { runExperiment } from '../../src/run/run.ts';
import { vgpubench } from '../support/cli.ts';
import { reasons } from '../support/described/measured.ts';
import { eventsIn as allEventsIn } from '../support/events.ts';
import { until } from '../support/processes.ts';
import { DOM0, NATIVE, PVDRM, bootedXen } from './booted.ts';

const eventsIn = (directory: string) =>
  existsSync(join(directory, 'journal.jsonl')) ? allEventsIn(directory) : [];

describe('a machine that is booted in two ways', () => {
  const machine = bootedXen();

  it('has guests that are started in each of its boots, and powered by their host', async () => {
    const { exitCode, record, results } = await machine.run(
      machine.experiment({ modes: [NATIVE, DOM0, PVDRM], blocks: 1 }),
    );
    assert.deepEqual([exitCode, results.unsuccessful, record.incidents], [0, [], []]);
    assert.deepEqual(record.machineBoots.map(({ boot }) => boot).sort(), ['bare', 'xen']);
    assert.deepEqual([...machine.xen.host.domains.keys()], ['guest1']);
  });

  it('that does not come up is reset, and the run goes on', async () => {
    machine.boots.hangs = 1;
    const { exitCode, record, results } = await machine.run(machine.experiment());
    assert.deepEqual([exitCode, results.unsuccessful], [0, []]);
    assert.deepEqual(
      record.rungs.map(({ rung, ok }) => [rung, ok]),
      [['reset-machine', true]],
    );
  });

  it('that does not come up and has no reset costs the modes of that boot, and is told', async () => {
    machine.boots.hangs = 99;
    const { exitCode, results, record, directory } = await machine.run(
      machine.experiment({ hasReset: false, blocks: 1 }),
    );
    assert.equal(exitCode, 4);
    assert.match(
      reasons({ results }, 'native')[0] ?? '',
      /nv does not answer, and machines\.nv has no reset/,
    );
    // It was first, by the plan.
    assert.match(
      reasons({ results }, 'dom0')[0] ?? '',
      /nv did not come up as xen within 5 s: nothing answers/,
    );
    assert.notEqual(record.machines.get('nv')?.found, null);
    // Somebody goes there and switches it on.
    machine.boots.renew();
    const restored = await restoreRun(directory);
    assert.deepEqual(
      restored.map(({ ok }) => ok),
      [true],
    );
  });

  it('is gone on with after a kill -9 while it boots', async () => {
    const file = machine.experiment({ blocks: 2 });
    const directory = join(file, '../run');
    machine.boots.bootMs = 1000;
    const running = vgpubench(['run', file, '--out', directory], machine.xen.folder);
    await until('it boots', () => eventsIn(directory).some(({ type }) => type === 'boot-planned'));
    running.kill('SIGKILL');
    await running;
    machine.boots.bootMs = 200;
    const { exitCode, results } = await resumeRun(directory);
    assert.deepEqual([exitCode, results.unsuccessful, machine.xen.host.bootedAs], [0, [], 'xen']);
  });

  it('is on its way back after an interrupt, which does not wait for it', async () => {
    const file = machine.experiment({ blocks: 2, workload: 'mmul 20; sleep 1' });
    const stop = new AbortController();
    const directory = join(file, '../run');
    const running = runExperiment(file, { out: directory, signal: stop.signal });
    await until('a trial runs in the other boot', () =>
      eventsIn(directory).some((event) => event.type === 'trial-started' && event.trial.includes('native')),
    );
    stop.abort();
    const { exitCode } = await running;
    assert.equal(exitCode, 130);
    await until('it is up again', () => machine.xen.host.dom0.on && machine.xen.host.bootedAs === 'xen');
    const again = await resumeRun(directory);
    assert.deepEqual([again.exitCode, again.results.unsuccessful], [0, []]);
  });

  it('gives no figure of another boot where somebody restarts it behind the run’s back', async () => {
    const file = machine.experiment({ blocks: 2, workload: 'mmul 20; sleep 1' });
    const directory = join(file, '../run');
    const running = runExperiment(file, { out: directory });
    await until('a trial runs in dom0', () =>
      eventsIn(directory).some((event) => event.type === 'trial-started' && event.trial.includes('dom0')),
    );
    machine.boots.behindOurBack('bare');
    const { results } = await running;
    // Whatever of dom0 completed, no hypervisor was missing in it.
    const found = results.attestations
      .filter(({ mode, ok }) => mode === 'dom0' && ok)
      .flatMap(({ findings }) => findings.map(({ evidence }) => evidence).slice(0, 1));
    assert.ok(found.length > 0);
    assert.deepEqual(
      found.filter((evidence) => evidence !== 'found: xen'),
      [],
    );
    assert.equal(machine.xen.host.bootedAs, 'xen');
  });

  it('comes back as it was found where the run is interrupted while it goes down', async () => {
    const file = machine.experiment({ modes: [NATIVE], blocks: 1 });
    const directory = join(file, '../run');
    const stop = new AbortController();
    machine.boots.downMs = 3000;
    const before = machine.xen.host.asked.length;
    const running = runExperiment(file, { out: directory, signal: stop.signal });
    await until('it is told to restart', () => machine.xen.host.asked.slice(before).includes('dom0 reboot'));
    stop.abort();
    const { exitCode } = await running;
    assert.equal(exitCode, 130);
    await until('it is up as it was', () => machine.xen.host.dom0.on && machine.xen.host.bootedAs === 'xen');
    machine.boots.downMs = 50;
    const restored = await restoreRun(directory);
    assert.deepEqual(
      restored.filter(({ ok }) => !ok),
      [],
    );
    assert.equal(machine.xen.host.bootedAs, 'xen');
  });

  it('is started once more for what is to be undone in a boot that it is no longer in', async () => {
    const file = machine.experiment({ modes: [NATIVE, PVDRM], blocks: 1, workload: 'mmul 20; sleep 5' });
    const directory = join(file, '../run');
    const running = vgpubench(['run', file, '--out', directory], machine.xen.folder);
    await until('a trial runs in the guest', () =>
      eventsIn(directory).some((event) => event.type === 'trial-started' && event.trial.includes('pvdrm')),
    );
    running.kill('SIGKILL');
    await running;
    machine.boots.behindOurBack('bare');
    await until(
      'it is up without Xen',
      () => machine.xen.host.dom0.on && machine.xen.host.bootedAs === 'bare',
    );
    const restored = await restoreRun(directory);
    assert.ok(restored.length > 1);
    assert.deepEqual(
      restored.filter(({ ok }) => !ok),
      [],
    );
    assert.equal(machine.xen.host.bootedAs, 'xen');
  });
});
