import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Column } from '../../src/record/column.ts';
import { SampleTable } from '../../src/record/sample-table.ts';

const reading = (value: number, more: object = {}) => ({
  metrics: [{ name: 'm', unit: 's', better: 'lower' as const, value }],
  phases: {},
  crossings: {},
  ...more,
});

describe('a column', () => {
  it('holds numbers by their place, and none where none was given', () => {
    const column = new Column();
    for (const at of [0, 3, 100]) column.set(at, at + 0.5);
    assert.deepEqual(
      [0, 1, 3, 4, 100, 101].map((at) => column.at(at)),
      [0.5, NaN, 3.5, NaN, 100.5, NaN],
    );
  });
});

describe('a table of samples', () => {
  const table = new SampleTable();
  table.append({
    warmup: true,
    startSpreadNs: null,
    guests: [{ target: 'a', durationNs: null, readings: [reading(9)] }],
  });
  table.append({
    warmup: false,
    startSpreadNs: 5,
    guests: [
      { target: 'a', durationNs: 1, readings: [reading(1, { phases: { copy: 3 } }), reading(2)] },
      { target: 'b', durationNs: 2, readings: [reading(3, { checksum: 'c' })] },
    ],
  });

  it('has a run for each guest of each sample, with the rows of its readings', () => {
    assert.deepEqual(
      [...table.guestRuns()].map(({ sample, warmup, target, durationNs, from, to }) => [
        ...[sample, warmup, target, durationNs, from, to],
      ]),
      [
        [0, true, 'a', NaN, 0, 1],
        [1, false, 'a', 1, 1, 3],
        [1, false, 'b', 2, 3, 4],
      ],
    );
    assert.equal(table.samples, 2);
    assert.deepEqual([table.startSpreadNs(0), table.startSpreadNs(1)], [NaN, 5]);
  });

  it('has a column for each name, not a number where a reading lacks it', () => {
    const rows = [0, 1, 2, 3];
    assert.deepEqual(
      rows.map((row) => table.metrics.get('m')?.values.at(row)),
      [9, 1, 2, 3],
    );
    assert.deepEqual(
      rows.map((row) => table.phases.get('copy')?.at(row)),
      [NaN, 3, NaN, NaN],
    );
    assert.deepEqual([...table.checksums], [[3, 'c']]);
  });
});
