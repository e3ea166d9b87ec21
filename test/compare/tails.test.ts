import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { distributionCharts } from '../../src/chart/distribution.ts';
import { summaryMarkdown } from '../../src/report/markdown.ts';
import { tailsCsv } from '../../src/report/tails.ts';
import { type Simulation, simulatedRun } from './simulated-run.ts';

/** Latencies of ten blocks, of which one in fifty of `slow` takes ten times as long. */
const value: Simulation['value'] = ({ mode }, sample, noise) =>
  100 * Math.exp(0.01 * noise) * (mode === 'slow' && sample % 50 === 7 ? 10 : 1);
const run = (samples: number, simulation: Simulation = {}) =>
  simulatedRun({ value, design: `{ blocks: 10, samples: ${samples}, warmup: 0 }`, ...simulation }).results;

describe('the tails of a latency', () => {
  const { tails = [], ...rest } = run(50);
  const results = { ...rest, tails };
  const slow = tails.find(({ mode }) => mode === 'slow');

  it('have the quantiles that their samples carry', () => {
    assert.deepEqual(
      tails.map(({ mode, n, quantiles }) => [mode, n, quantiles.map(({ p }) => p)]),
      [
        ['native', 500, [0.95, 0.99]],
        ['slow', 500, [0.95, 0.99]],
      ],
    );
    assert.equal(run(7).tails, undefined, '70 samples carry none');
    assert.deepEqual(run(400).tails?.[0]?.quantiles.length, 3);
  });

  it('show what a mean hardly does, as a ratio to the baseline’s, by blocks', () => {
    const [p95, p99] = slow!.quantiles;
    assert.ok(Math.abs(p95!.ratio!.value - 1) < 0.02);
    assert.ok(p99!.ratio!.low > 9 && p99!.ratio!.high < 11, JSON.stringify(p99));
    assert.ok(p99!.low <= p99!.value && p99!.value <= p99!.high);
    assert.equal(slow!.baseline, 'native');
    assert.deepEqual(
      tails[0]!.quantiles.map(({ ratio }) => ratio),
      [null, null],
      'a baseline has none',
    );
  });

  it('have no ratio on fewer than ten blocks, or boots', () => {
    const few = run(50, { bootOf: (block) => `boot ${block % 4}` }).tails!;
    assert.deepEqual(
      few[1]!.quantiles.map(({ ratio }) => ratio),
      [null, null],
    );
  });

  it('are those of times of which less is better, whatever their names', () => {
    const named = (name: string, unit: string, better: string) =>
      run(50, {
        workloads: `  - { use: command, name: work, run: ./work, metric: { name: ${name}, field: t, unit: ${unit}, better: ${better} } }\n`,
      }).tails?.length;
    assert.deepEqual([named('x', 'us', 'lower'), named('latency', 'MB/s', 'higher')], [2, undefined]);
    assert.deepEqual(
      [named('latency', 'requests', 'lower'), named('time', 's', 'higher')],
      [undefined, undefined],
    );
  });

  it('stand in a file, in the summary, and where a cell’s samples are told', () => {
    const lines = tailsCsv(results)!.split('\r\n');
    assert.equal(
      lines[0],
      'mode,workload,metric,unit,n,quantile,value,low,high,baseline,ratio,ratio low,ratio high',
    );
    assert.equal(lines.length, 6);
    assert.match(lines[4]!, /^slow,work,time,ms,500,0\.99,9\d\d\.\d+,\d.*,native,9\.\d+,/);
    assert.equal(tailsCsv(run(7)), undefined);
    assert.match(
      summaryMarkdown(results),
      /\*\*Tails\*\*[\s\S]*\| slow \| work \| time \\\(ms\\\) \| 500 \|/,
    );
    const { head, rows } = distributionCharts(results)[0]!.table;
    assert.deepEqual(head.slice(-2), ['p95', 'p99']);
    assert.match(rows[1]!.at(-1)!, / to .*; 9\d\d(\.\d)?% of native’s \(/);
  });
});
