/** A computer that is booted in two ways: its boots are part of the plan, and it is left as it was found. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { visits } from '../../src/plan/plan.ts';
import { reasons } from '../support/described/measured.ts';
import { checkExperiment } from '../../src/run/doctor.ts';
import { DOM0, NATIVE, PVDRM, bootedXen } from './booted.ts';

describe('a machine that is booted in two ways', () => {
  const machine = bootedXen();

  it('is booted anew for each block, in an order of its own, and started as it was found', async () => {
    const { exitCode, record, plan, results } = await machine.run(machine.experiment({ blocks: 3 }));
    assert.deepEqual([exitCode, results.unsuccessful, record.incidents], [0, [], []]);
    const planned = visits(plan.trials).map(
      ({ block, mode }) => `${block} ${mode === 'native' ? 'bare' : 'xen'}`,
    );
    assert.deepEqual(
      record.machineBoots.map(({ block, boot, ok }) => `${block} ${boot} ${ok ? 'up' : 'not up'}`),
      [...new Set(planned)].map((boot) => `${boot} up`),
    );
    assert.deepEqual(
      [...record.machines.values()].map(({ found }) => found),
      [null],
    );
    assert.equal(machine.xen.host.bootedAs, 'xen');
    const { comparisons } = results;
    assert.deepEqual(
      comparisons.map(({ mode, boots }) => [mode, boots]),
      [['dom0', 3]],
    );
  });

  it('is not restarted for modes that are all of the boot that it is in', async () => {
    const { exitCode, record } = await machine.run(machine.experiment({ modes: [DOM0] }));
    assert.deepEqual([exitCode, record.machineBoots, record.machines.size], [0, [], 0]);
  });

  it('whose selection has no effect gives no figure for the other boot', async () => {
    machine.boots.selectsNothing = true;
    const { exitCode, results } = await machine.run(machine.experiment());
    assert.equal(exitCode, 4);
    assert.match(reasons({ results }, 'native')[0] ?? '', /nv was to start as bare, but came up as/);
    assert.deepEqual(reasons({ results }, 'dom0'), []);
  });

  it('is left as it is by doctor, which says what it did not look at', async () => {
    const asked = machine.xen.host.asked.length;
    const checks = await checkExperiment(machine.experiment({ modes: [NATIVE, DOM0, PVDRM] }));
    assert.deepEqual(
      checks.filter(({ ok }) => !ok),
      [],
    );
    const bare = checks.filter(({ target }) => target === 'bare');
    assert.deepEqual(
      bare.map(({ what }) => what),
      ['machine'],
    );
    assert.match(bare[0]?.found ?? '', /nv is up as xen, not as bare; to check it, .*: vgpubench try FILE/);
    assert.doesNotMatch(machine.xen.host.asked.slice(asked).join('\n'), /dom0 (grub-)?reboot/);
  });
});
