import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { confirmed, suspiciousIn } from '../../src/gate/confirmed.ts';
import { type Gate, gateOf } from '../../src/gate/gate.ts';
import { type Simulation, simulatedRun } from '../compare/simulated-run.ts';

const WORKLOADS = ['one', 'two', 'three']
  .map(
    (name) =>
      `  - { use: command, name: ${name}, run: ./x, metric: { name: time, field: t, unit: ms, better: lower } }`,
  )
  .join('\n');
/** Three workloads, of which mode slow takes so many times as long in each. */
const results = (seed: number, factors: readonly number[], more: Simulation = {}) =>
  simulatedRun({
    ...{ workloads: WORKLOADS, seed },
    value: ({ mode, workload }, _, noise) =>
      100 *
      (mode === 'slow' ? factors[['one', 'two', 'three'].indexOf(workload)]! : 1) *
      Math.exp(0.005 * noise),
    ...more,
  }).results;
const base = results(1, [1.1, 1.1, 1.1]);
const head = results(2, [1.3, 1.1, 1.3]);
const first = gateOf(base, head);
const again = (factors: readonly number[], more?: Simulation) =>
  confirmed(first, { base, head, fresh: results(3, factors, more) }, 5);
const verdicts = ({ cells }: Gate) =>
  cells.filter(({ mode }) => mode === 'slow').map(({ workload, verdict }) => `${workload} ${verdict}`);

describe('a gate that is confirmed by fresh blocks', () => {
  it('asks for the cells that look slower or are not settled', () => {
    assert.deepEqual(
      suspiciousIn(first).map(({ workload }) => workload),
      ['one', 'three'],
    );
    assert.equal(first.outcome, 'slower');
  });

  it('judges those by the fresh blocks alone, and the others as before', () => {
    const gate = again([1.1, 9, 1.3]);
    assert.deepEqual(verdicts(gate), ['one same', 'two same', 'three slower']);
    assert.equal(gate.outcome, 'slower');
    assert.deepEqual(gate.warnings.filter(({ code }) => code === 'confirmed').length, 1);
    assert.match(
      gate.warnings.at(-1)?.text ?? '',
      /by 5 fresh blocks alone: slow, one: time; slow, three: time/,
    );
  });

  it('passes where what looked slower is not so again', () => {
    assert.equal(again([1.1, 1.1, 1.1]).outcome, 'passed');
  });

  it('corrects over those cells alone', () => {
    const judged = again([1.1, 1.1, 1.3]).cells.filter(({ mode }) => mode === 'slow');
    assert.equal(judged.find(({ workload }) => workload === 'three')?.confidence, 1 - 0.05 / 2);
  });

  it('is incomplete where the fresh blocks have no figure of a cell', () => {
    const gate = again([1.1, 1.1, 1.1], {
      outcome: ({ mode, workload }) =>
        mode === 'slow' && workload === 'three'
          ? { kind: 'failed', reason: 'x', transport: false }
          : { kind: 'completed' },
    });
    assert.equal(gate.outcome, 'incomplete');
    assert.deepEqual(
      gate.missing.map(({ workload }) => workload),
      ['three'],
    );
  });
});
