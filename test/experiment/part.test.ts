import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseExperiment } from '../../src/experiment/load.ts';
import { leftOutOf, partOf } from '../../src/experiment/part.ts';
import { makePlan } from '../../src/plan/plan.ts';
import { problemOf } from '../support/problem.ts';

/** Two GPUs, each with a native run of its own. */
const experiment = parseExperiment(
  `name: two
targets:
  nv: { ssh: nv }
  g1: { ssh: g1, host: nv }
  igd: { ssh: igd }
  g2: { ssh: g2, host: igd }
modes:
  native: { use: native, on: nv }
  pvdrm: { use: custom, on: g1 }
  native-i915: { use: native, on: igd }
  mediated: { use: custom, on: g2, baseline: native-i915 }
workloads:
  - { use: command, name: mmul, run: ./mmul, metric: { duration: true } }
  - { use: command, name: copy, run: ./copy, metric: { duration: true } }
design: { blocks: 4 }
`,
  'two.yaml',
);
const only = (modes: string[], workloads: string[] = []) => ({ only: { modes, workloads } });

describe('a part of an experiment', () => {
  it('has what its modes are compared with, and no other', () => {
    assert.deepEqual(leftOutOf(experiment, only(['pvdrm'])), {
      modes: ['native-i915', 'mediated'],
      workloads: [],
    });
    assert.deepEqual(leftOutOf(experiment, only(['mediated'], ['copy'])), {
      modes: ['native', 'pvdrm'],
      workloads: ['mmul'],
    });
  });

  it('is the whole where nothing is left out', () => {
    assert.equal(leftOutOf(experiment, {}), undefined);
    assert.equal(leftOutOf(experiment, only([], ['mmul', 'copy'])), undefined);
    assert.equal(partOf(experiment, undefined), experiment);
  });

  it('has no target that none of its modes needs, but the hosts of those', () => {
    const { modes, targets } = partOf(experiment, leftOutOf(experiment, only(['mediated'])));
    assert.deepEqual(
      [Object.keys(modes), Object.keys(targets)],
      [
        ['native-i915', 'mediated'],
        ['igd', 'g2'],
      ],
    );
  });

  it('is refused where a name is none of the experiment’s, with the nearest', () => {
    const { code, next, found } = problemOf(() => leftOutOf(experiment, only(['pvdm'])));
    assert.deepEqual([code, found, next], ['VGB-ONLY', 'pvdm', 'did you mean pvdrm?']);
  });

  it('is planned in the order that it has in the whole', () => {
    const whole = makePlan(experiment, 7);
    const part = makePlan(experiment, 7, only(['pvdrm'], ['mmul']));
    const kept = ({ mode, workload }: { mode: string; workload: string }) =>
      ['native', 'pvdrm'].includes(mode) && workload === 'mmul';
    assert.deepEqual(part.trials, whole.trials.filter(kept));
    assert.deepEqual(part.leftOut, { modes: ['native-i915', 'mediated'], workloads: ['copy'] });
    assert.equal(whole.leftOut, undefined);
  });

  it('may have other blocks', () => {
    const { blocks, trials } = makePlan(experiment, 7, { blocks: 2 });
    assert.deepEqual([blocks, trials.length], [2, 2 * 4 * 2]);
  });
});
