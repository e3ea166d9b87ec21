import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { resultsSchema } from '../../src/compare/results.ts';
import type { PlannedTrial } from '../../src/plan/plan.ts';
import { answerRows, shareWords } from '../../src/report/answer.ts';
import { simulatedRun } from './simulated-run.ts';

const workloads = `  - { use: command, name: fast, run: ./f, metric: { name: rate, field: t, unit: MB/s, better: higher } }
  - { use: command, name: quick, run: ./q, metric: { name: time, field: t, unit: ms, better: lower } }`;

/** `slow` does half as much, and takes twice as long. */
const halved = ({ mode, workload }: PlannedTrial, _: number, noise: number) =>
  100 * (mode === 'slow' ? (workload === 'fast' ? 0.5 : 2) : 1) * Math.exp(0.01 * noise);

describe('the suite of a mode', () => {
  it('is its relative performance over all cells, whichever way their metrics go', () => {
    const { results } = simulatedRun({ workloads, value: halved });
    const [suite] = results.suites;
    assert.deepEqual([results.suites.length, suite!.mode, suite!.cells, suite!.blocks], [1, 'slow', 2, 10]);
    assert.ok(Math.abs(suite!.ratio - 0.5) < 0.01 && suite!.low! < 0.5 && suite!.high! > 0.5);
    assert.match(shareWords(answerRows(results)[0]!.measured!), /^(50|49)\.\d%/);
  });

  it('leaves out blocks that a cell lacks, and says which', () => {
    const outcome = ({ mode, workload, block }: PlannedTrial) =>
      mode === 'slow' && workload === 'fast' && block === 4
        ? ({ kind: 'void', reason: 'x' } as const)
        : ({ kind: 'completed' } as const);
    const [suite] = simulatedRun({ workloads, value: halved, outcome }).results.suites;
    assert.deepEqual([suite!.blocks, suite!.leftOut], [9, [4]]);
  });

  it('leaves out a metric that the experiment keeps out of it', () => {
    const apart = workloads.replace('name: time, field', 'name: time, suite: false, field');
    const { results } = simulatedRun({ workloads: apart, value: halved });
    assert.deepEqual(
      [results.comparisons.length, results.suites.map(({ mode, cells }) => [mode, cells])],
      [2, [['slow', 1]]],
    );
    assert.deepEqual(
      results.specification.workloads['quick'],
      simulatedRun({ workloads, value: halved }).results.specification.workloads['quick'],
      'no figure is another for it',
    );
  });

  it('comes out as the same bytes each time, and as its schema says', () => {
    const make = () => JSON.stringify(simulatedRun({ workloads, value: halved }).results);
    assert.equal(make(), make());
    resultsSchema.parse(JSON.parse(make()));
  });
});
