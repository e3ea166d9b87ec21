/** A mode whose ends poll, on machines from which a hypervisor keeps the CPU. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { againstSteal } from '../../src/measure/noise.ts';
import { labPvdrmMode } from '../../src/mode/lab-pvdrm/program.ts';
import type { Mode } from '../../src/mode/mode.ts';
import type { RunRecord } from '../../src/record/run-record.ts';
import { FakeTarget } from '../support/fake-target.ts';
import { experimentOf, session } from '../support/session.ts';

const outcomesOf = ({ trials }: RunRecord, mode: string) =>
  [...trials].flatMap(([id, { outcome }]) => (id.includes(`.${mode}.`) ? [outcome] : []));

/** Of each 100 ticks while the guest runs its second trial, so many are kept from one of the two. */
function kept(which: 'bare' | 'guest', stolen: number) {
  const targets = { bare: new FakeTarget('bare'), guest: new FakeTarget('guest') };
  let runs = 0;
  targets.guest.program = () => {
    const { ticks } = targets[which];
    if (++runs > 4) return 'speed: 42\n';
    ticks.own += 100 - stolen;
    ticks.stolen += stolen;
    return 'speed: 42\n';
  };
  return targets;
}

const experimentWith = (polls: boolean) =>
  experimentOf({
    modes: `
  native: { use: native, on: bare, hypervisor: allowed }
  mine: { use: custom, on: guest, polls: ${polls} }`,
  });

const QUIET = { load1: 0, throttled: null, uptimeS: null, clocksource: null };

describe('steal while trials run', () => {
  for (const which of ['bare', 'guest'] as const)
    it(`of the ${which === 'bare' ? 'host' : 'guest'} voids the trials of a mode whose ends poll, and says why`, async () => {
      const { record } = await session({ experiment: experimentWith(true), ...kept(which, 20) });
      const mine = outcomesOf(record, 'mine');
      assert.deepEqual(
        mine.map((outcome) => outcome?.kind).toSorted(),
        ['completed', 'completed', 'void', 'void'],
        'the block in which it was, and no other',
      );
      const reasons = mine.flatMap((outcome) => (outcome?.kind === 'void' ? [outcome.reason] : []));
      for (const reason of reasons)
        assert.match(
          reason,
          new RegExp(`withheld 20% of the CPU time of ${which} \\(steal\\), .* vgpubench resume --retry$`),
        );
      assert.ok(outcomesOf(record, 'native').every((outcome) => outcome?.kind === 'completed'));
    });

  it('is noise in a mode that does not poll, and nothing where there is little', async () => {
    for (const targets of [
      { experiment: experimentWith(false), ...kept('guest', 20) },
      { experiment: experimentWith(true), ...kept('guest', 4) },
    ]) {
      const { record } = await session(targets);
      assert.ok([...record.trials.values()].every(({ outcome }) => outcome?.kind === 'completed'));
    }
  });

  it('counts in the lab above 20% alone: under emulation wake-ups by themselves have 4 to 8%', () => {
    const readings = (cpuSteal: number, cpuTotal: number) =>
      new Map([['g', { ...QUIET, cpuSteal, cpuTotal, askedMs: 0, answeredMs: 0 }]]);
    const lab = labPvdrmMode('m', {
      use: 'lab-pvdrm',
      on: ['g'],
      cache: false,
      sequential: true,
      rest: true,
    });
    const of = (mode: Pick<Mode, 'polls' | 'mostSteal'>, stolen: number) =>
      againstSteal(mode, readings(0, 0), readings(stolen, 100));
    assert.equal(of(lab, 8), undefined);
    assert.match(of(lab, 50) ?? '', /^a hypervisor withheld 50% of the CPU time of g /);
    assert.match(of({ polls: true }, 8) ?? '', /^a hypervisor withheld 8%/);
  });
});
