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

describe('what a table of samples leaves out, and counts', () => {
  const tableOf = (...readings: ReturnType<typeof reading>[]) => {
    const table = new SampleTable();
    table.append({ warmup: false, startSpreadNs: null, guests: [{ target: 'a', durationNs: 1, readings }] });
    return table;
  };

  it('is a figure that can’t be summed up', () => {
    for (const value of [1.7e308, 5e-324, 0, -1]) {
      const table = tableOf(reading(value), reading(5));
      assert.deepEqual(
        [table.metrics.get('m')?.values.at(0), table.metrics.get('m')?.values.at(1), table.leftOut],
        [NaN, 5, 1],
      );
    }
    const table = tableOf(reading(1, { phases: { none: 0, huge: 1.7e308 }, crossings: { huge: -1e200 } }));
    assert.deepEqual(
      [[...table.phases.keys()], [...table.crossings.keys()], table.leftOut],
      [['none'], [], 2],
    );
  });

  it('is a name that can’t be shown, and each beyond a hundred', () => {
    const phases = Object.fromEntries(Array.from({ length: 20_000 }, (_, at) => [`p${at}`, 1]));
    assert.deepEqual(
      [tableOf(reading(1, { phases })).phases.size, tableOf(reading(1, { phases })).leftOut],
      [100, 19_900],
    );
    const changing = Array.from({ length: 150 }, (_, at) => reading(1, { crossings: { [`p${at}`]: 1 } }));
    assert.deepEqual([tableOf(...changing).crossings.size, tableOf(...changing).leftOut], [100, 50]);
    for (const name of ['', 'x'.repeat(101), `a${String.fromCharCode(0)}b`])
      assert.deepEqual([tableOf(reading(1, { phases: { [name]: 1 } })).leftOut], [1]);
  });
});
