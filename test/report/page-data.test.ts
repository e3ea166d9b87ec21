/** What the page's program is given. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { chartsOf } from '../../src/chart/charts.ts';
import type { Results } from '../../src/compare/results.ts';
import { pageData } from '../../src/report/page-data.ts';
import { simulatedRun } from '../compare/simulated-run.ts';
import { madeResults } from './made-run.ts';

const { results } = simulatedRun();
const [one] = results.comparisons;
const ends = (low: number | null, high: number | null) => ({ low, high });
const intervals = {
  t: ends(0.5, 0.8),
  studentised: ends(0.45, 0.9),
  bootstrap: ends(null, null),
  hodgesLehmann: ends(0.4, 1),
};
const dataWith = (over: Partial<Results['comparisons'][number]>) =>
  pageData({ ...results, comparisons: [{ ...one!, intervals, ...over }] }, []);

describe('a cell’s intervals on the page', () => {
  const rows = (over: Partial<Results['comparisons'][number]>) => dataWith(over).cells[0]!.intervals;

  it('stand beside each other as relative performance, with the p values', () => {
    assert.deepEqual(rows({ better: 'higher', p: 0.0009, adjustedP: 0.001 }), [
      ['t of logs', '50.0% to 80.0%'],
      ['Studentised bootstrap', '45.0% to 90.0%'],
      ['BCa bootstrap', 'none'],
      ['Hodges-Lehmann', '40.0% to 100.0%'],
      ['p', '< 0.001'],
      ['p (Holm)', '0.001'],
    ]);
    const lower = rows({ better: 'lower', p: null, adjustedP: null }).map(([, words]) => words);
    assert.deepEqual(lower, ['125.0% to 200.0%', '111.1% to 222.2%', 'none', '100.0% to 250.0%', '', '']);
  });

  it('of former versions, which had no studentised bootstrap, are told as they were made', () => {
    const { t, bootstrap, hodgesLehmann } = intervals;
    assert.match(dataWith({}).intervalsLead, /matrix takes the outer ends of the first two\./);
    assert.match(dataWith({ effectiveBlocks: 3 }).intervalsLead, /first two, wider if consecutive blocks/);
    const old = dataWith({ intervals: { t, bootstrap, hodgesLehmann } });
    assert.match(old.intervalsLead, /interval of the matrix is the first of these\./);
    assert.equal(old.cells[0]!.intervals.length, 5);
  });

  it('are none without a pair', () => {
    assert.deepEqual(rows({ intervals: null }), []);
  });
});

describe('a cell’s trials on the page', () => {
  const data = pageData(madeResults, chartsOf(madeResults));
  const trials = (mode: string, workload: string) =>
    data.trials.find((found) => found.mode === mode && found.workload === workload)!.trials;

  it('have their block, mean, median, number, time, boot and samples', () => {
    const own = trials('plain', 'fresh');
    assert.deepEqual(
      own.map(([trial, block]) => [trial, block]),
      [1, 2, 3, 4, 5, 6].map((block) => [`b${block}.plain.fresh`, block]),
    );
    const [, , mean, median, count, time, , samples] = own[0]!;
    assert.ok(Math.abs(mean / 4e6 - 1) < 0.02 && Math.abs(median / 4e6 - 1) < 0.02);
    assert.deepEqual([count, samples.length, time], [3, 3, '00:00:00']);
    assert.deepEqual(
      own.map(([, , , , , , boot]) => boot),
      [1, 1, 1, 2, 2, 2],
    );
  });

  it('are those that completed; the others are told with their reason', () => {
    assert.deepEqual(
      trials('plain', 'large').map(([, block]) => block),
      [1, 2, 4, 5, 6],
    );
    assert.deepEqual(data.lost.map(({ trial, outcome }) => [trial, outcome]).sort(), [
      ['b3.plain.large', 'failed'],
      ['b5.cached.fresh', 'void'],
    ]);
  });

  it('have the evidence of their visits, and what happened in their blocks', () => {
    const found = data.evidence.filter(({ held, of }) => held < of);
    assert.deepEqual(found, [
      { mode: 'cached', block: 5, held: 1, of: 2, failed: ['the cache is on: cache=0'] },
    ]);
    assert.deepEqual(
      data.incidents.map(({ block }) => block),
      [3],
    );
  });

  it('leave out figures that have no ratio', () => {
    const [first, ...others] = results.cells;
    const nothing = { ...first!, trials: first!.trials.map((trial) => ({ ...trial, values: [0, 1] })) };
    const found = pageData({ ...results, cells: [nothing, ...others] }, []).trials;
    assert.deepEqual(
      found.map((cell) => cell.trials.length),
      [0, 10],
    );
  });
});

describe('the charts on the page', () => {
  it('have their tables where the page itself has none, and series are made of the trials', () => {
    const { charts } = pageData(madeResults, chartsOf(madeResults));
    assert.ok(charts.some(({ of }) => of === 'run') && charts.some(({ of }) => of !== 'run'));
    for (const { of, table } of charts) assert.equal(table === undefined, of === 'run');
    assert.ok(!charts.some(({ id }) => id.startsWith('series')));
  });
});
