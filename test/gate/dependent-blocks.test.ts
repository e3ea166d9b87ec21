/** Gates between runs in which nothing changed, of a mode that stays in a state for many blocks. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Cell, Results } from '../../src/compare/results.ts';
import { gateOf } from '../../src/gate/gate.ts';
import { derive } from '../../src/statistics/prng.ts';
import { differenceInterval, meanDifference } from '../../src/statistics/welch.ts';
import { summarise } from '../../src/statistics/interval.ts';
import { verdictOf } from '../../src/compare/verdict.ts';
import { simulatedRun } from '../compare/simulated-run.ts';
import { twoStates } from '../statistics/series.ts';

const BLOCKS = 20;
const MARGIN = 0.03;
const GATES = 200;
const template = simulatedRun({ design: '{ blocks: 1 }' }).results;

function run(logs: Float64Array): Results {
  const cell = (mode: string, logOf: (block: number) => number): Cell => ({
    ...{ mode, workload: 'work', metric: 'time', unit: 'ms', better: 'lower', phases: {} },
    trials: Array.from({ length: BLOCKS }, (_, block) => ({
      ...{ trial: `${block}`, block, wall: '', boot: null, guests: {} },
      values: [100 * Math.exp(logOf(block))],
    })),
  });
  const cells = [cell('native', (block) => 1e-3 * (block % 2)), cell('slow', (block) => logs[block]!)];
  return { ...template, environment: [], cells };
}

/** Both runs start in the usual state, and are alike but for chance. */
const pairs = Array.from({ length: GATES }, (_, i) =>
  ['base', 'head'].map((which) => twoStates(BLOCKS, derive('gates', which, i)).values),
) as [Float64Array, Float64Array][];

describe('a gate on a mode that stays in a state for many blocks', () => {
  it('has a third of the false alarms, at most, that it had if blocks were independent', (t) => {
    const alarms = pairs.filter(([base, head]) => {
      const gate = gateOf(run(base), run(head), MARGIN);
      const { verdict } = gate.cells.find(({ mode }) => mode === 'slow')!;
      return verdict === 'slower' || verdict === 'faster';
    }).length;
    const naive = pairs.filter(([base, head]) => {
      const { low, high } = differenceInterval(meanDifference(summarise(head), summarise(base)), 0.95);
      const verdict = verdictOf(Math.exp(low!), Math.exp(high!), 'lower', MARGIN);
      return verdict === 'slower' || verdict === 'faster';
    }).length;
    t.diagnostic(`${alarms} of ${GATES} gates, ${naive} by Welch's interval of independent blocks`);
    assert.ok(naive > GATES / 8, 'a case that is hard enough');
    assert.ok(alarms <= naive / 3, `${alarms} of ${GATES}, ${naive} without`);
  });
});
