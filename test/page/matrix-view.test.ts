import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  type Asked,
  EVERY_METRIC,
  NOTHING_ASKED,
  columnsFor,
  rowsFor,
  sortedNext,
} from '../../src/page/matrix-view.ts';
import type { PageCell } from '../../src/report/page-data.ts';

function cell(mode: string, workload: string, share: number | null, over: Partial<PageCell> = {}): PageCell {
  return {
    ...{ mode, workload, share, metric: 'time', unit: 'ms', better: 'lower', baseline: 'native' },
    ...{ verdict: 'slower', attested: true, note: null, first: true, low: null, high: null },
    intervals: [],
    ...over,
  };
}

const CELLS = [
  cell('one', 'b', 0.5),
  cell('two', 'b', 0.2, { verdict: 'same' }),
  cell('one', 'a', 0.3),
  cell('two', 'a', null),
  cell('one', 'c', 0.9),
  cell('two', 'c', 0.1),
  cell('one', 'c', 0.7, { metric: 'rate', first: false }),
];

const workloads = (asked: Partial<Asked>) =>
  rowsFor(CELLS, { ...NOTHING_ASKED, ...asked }).map(({ workload }) => workload);

describe('the matrix', () => {
  it('has the first metric of each workload, in the order of the run, until it is asked for others', () => {
    assert.deepEqual(workloads({}), ['b', 'a', 'c']);
    assert.deepEqual(workloads({ metric: 'rate' }), ['c']);
    assert.deepEqual(workloads({ metric: EVERY_METRIC }), ['b', 'a', 'c', 'c']);
  });

  it('is filtered by mode, workload and verdict, and by all of them', () => {
    assert.deepEqual(workloads({ workload: 'a' }), ['a']);
    assert.deepEqual(workloads({ verdict: 'same' }), ['b']);
    assert.deepEqual(workloads({ verdict: 'same', mode: 'one' }), []);
    const [row] = rowsFor(CELLS, { ...NOTHING_ASKED, mode: 'two', workload: 'b' });
    assert.deepEqual([...(row?.cells.keys() ?? [])], ['two']);
  });

  it('has the columns of the modes that are left', () => {
    const rows = rowsFor(CELLS, { ...NOTHING_ASKED, verdict: 'same' });
    assert.deepEqual(columnsFor(rows, ['one', 'two']), ['two']);
    assert.deepEqual(columnsFor(rowsFor(CELLS, NOTHING_ASKED), ['two', 'one', 'other']), ['two', 'one']);
  });

  it('is sorted by a mode with what suffers most first, or last; what has no figure is always last', () => {
    const by = (column: string, direction: 'ascending' | 'descending') =>
      workloads({ sorted: { column, direction } });
    assert.deepEqual(by('one', 'ascending'), ['a', 'b', 'c']);
    assert.deepEqual(by('one', 'descending'), ['c', 'b', 'a']);
    assert.deepEqual(by('two', 'ascending'), ['c', 'b', 'a']);
    assert.deepEqual(by('two', 'descending'), ['b', 'c', 'a']);
    assert.deepEqual(by('', 'ascending'), ['a', 'b', 'c']);
    assert.deepEqual(by('', 'descending'), ['c', 'b', 'a']);
  });

  it('goes upwards, downwards and back with the clicks on a column', () => {
    const first = sortedNext(undefined, 'one');
    assert.deepEqual(first, { column: 'one', direction: 'ascending' });
    const second = sortedNext(first, 'one');
    assert.deepEqual(second, { column: 'one', direction: 'descending' });
    assert.equal(sortedNext(second, 'one'), undefined);
    assert.deepEqual(sortedNext(second, 'two'), { column: 'two', direction: 'ascending' });
  });
});
