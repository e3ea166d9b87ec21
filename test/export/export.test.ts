import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parse } from 'yaml';
import { z } from 'zod';
import type { Results } from '../../src/compare/results.ts';
import { bencher } from '../../src/export/bencher.ts';
import { distinct, figuresOf } from '../../src/export/figures.ts';
import type { ExportFile, Exporter } from '../../src/export/format.ts';
import { githubActionBenchmark } from '../../src/export/github-action-benchmark.ts';
import { openMetrics } from '../../src/export/openmetrics.ts';
import { otava } from '../../src/export/otava.ts';
import { simulatedRun } from '../compare/simulated-run.ts';
import { parseCsv } from '../report/parse-csv.ts';
import { HOSTILE, hostileResults } from '../support/hostile-run.ts';
import { readOpenMetrics } from '../support/openmetrics.ts';
import { problemOf } from '../support/problem.ts';

const { results } = simulatedRun({
  seed: 3,
  workloads:
    '  - { use: command, name: mmul, run: ./mmul, metric: { name: time, field: t, unit: ms, better: lower } }',
});

function filesOf(exporter: Exporter, of: Results = results, earlier: Record<string, string> = {}) {
  const files = exporter(of, { commit: 'abc123', earlier: (name) => earlier[name] });
  return new Map(files.map(({ name, text }: ExportFile) => [name, text]));
}

describe('the figures that are exported', () => {
  it('are each cell’s own and, of a compared one, its share of the baseline, as the report has it', () => {
    const [native, slow, share] = figuresOf(results);
    assert.deepEqual(
      [native, slow, share].map((one) => [one?.name, one?.unit, one?.better, one?.blocks, one?.samples]),
      [
        ['native/mmul/time', 'ms', 'lower', 10, 20],
        ['slow/mmul/time', 'ms', 'lower', 10, 20],
        ['slow/mmul/time of native', 'ratio', 'higher', 10, 20],
      ],
    );
    const [one] = results.comparisons;
    assert.ok(one?.ratio != null && one.low !== null && one.high !== null);
    assert.deepEqual([share?.value, share?.low, share?.high], [1 / one.ratio, 1 / one.high, 1 / one.low]);
    // A metric where lower is better keeps its own direction, and its ends in order.
    assert.ok(native?.low != null && native.high !== null);
    assert.ok(native.low < native.value && native.value < native.high);
    assert.ok(Math.abs(native.value - 100) < 1, String(native.value));
  });

  it('have names that are told apart, whatever a guest printed', () => {
    assert.deepEqual(distinct(['a', 'b', 'a', 'a (2)', 'a']), ['a', 'b', 'a (2)', 'a (2) (2)', 'a (3)']);
    const [cell, other] = results.cells;
    assert.ok(cell && other);
    const long = (end: string) => ({ ...cell, metric: `${'x'.repeat(200)}${end}` });
    const names = figuresOf({ ...results, cells: [long('1'), long('2')] }).map(({ name }) => name);
    assert.equal(new Set(names).size, 2);
    assert.ok(names.every((name) => name.length < 120));
  });

  it('have no interval where there is one block', () => {
    const { results: short } = simulatedRun({ design: '{ blocks: 1, samples: 2, warmup: 0 }' });
    for (const { low, high } of figuresOf(short)) assert.deepEqual([low, high], [null, null]);
  });
});

describe('the export to github-action-benchmark', () => {
  /** What the action’s `custom` tools read of an entry: benchmark-action/github-action-benchmark, src/extract.ts. */
  const entries = z
    .array(
      z.strictObject({
        name: z.string().min(1),
        unit: z.string(),
        value: z.number(),
        range: z.string().optional(),
        extra: z.string().optional(),
      }),
    )
    .min(1);
  const read = (text = '') => entries.parse(JSON.parse(text));

  it('has a file for each direction', () => {
    const files = filesOf(githubActionBenchmark);
    const [lower, bigger] = ['smaller-is-better.json', 'bigger-is-better.json'].map((name) =>
      read(files.get(name)),
    );
    assert.deepEqual(
      lower?.map(({ name }) => name),
      ['native/mmul/time', 'slow/mmul/time'],
    );
    assert.deepEqual(
      bigger?.map(({ name, unit }) => [name, unit]),
      [['slow/mmul/time of native', 'ratio']],
    );
    const [share] = bigger;
    assert.match(share?.range ?? '', /^± 0\.\d+$/);
    assert.equal(share?.extra, 'n=20\nblocks=10\nmode=slow\nworkload=mmul\nof=native');
  });

  it('has no file for a direction of which there is nothing, since the action fails on an empty array', () => {
    const native = results.cells.filter(({ mode }) => mode === 'native');
    const files = filesOf(githubActionBenchmark, { ...results, cells: native, comparisons: [] });
    assert.deepEqual([...files.keys()], ['smaller-is-better.json']);
  });
});

describe('the export to Bencher', () => {
  /** Bencher Metric Format, by its JSON Schema (bmf.json). */
  const metric = z.strictObject({
    value: z.number(),
    lower_value: z.number().optional(),
    upper_value: z.number().optional(),
  });
  const bmf = z.record(
    z.string().min(1).max(1024),
    z.record(z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/), metric),
  );

  it('has a benchmark for each mode and workload, and a measure for each figure', () => {
    const found = bmf.parse(JSON.parse(filesOf(bencher).get('bencher.json') ?? ''));
    assert.deepEqual(Object.keys(found), ['native/mmul', 'slow/mmul']);
    assert.deepEqual(Object.keys(found['slow/mmul'] ?? {}), ['time', 'time-relative']);
    const { value, lower_value = 0, upper_value = 0 } = found['slow/mmul']?.['time-relative'] ?? { value: 0 };
    assert.ok(lower_value < value && value < upper_value);
  });

  it('has a measure for each figure, also where their slugs would be the same', () => {
    const [cell] = results.cells;
    assert.ok(cell);
    const cells = ['a', 'a 2', 'A', 'a-2', '漢'].map((metric) => ({ ...cell, metric }));
    const found = bmf.parse(JSON.parse(filesOf(bencher, { ...results, cells }).get('bencher.json') ?? ''));
    assert.deepEqual(Object.keys(found['native/mmul'] ?? {}), ['a', 'a-2', 'a-3', 'a-2-2', 'metric']);
  });

  it('has measures that are slugs, and told apart, whatever a guest printed', () => {
    for (const text of HOSTILE) {
      const found = bmf.parse(JSON.parse(filesOf(bencher, hostileResults(text)).get('bencher.json') ?? ''));
      assert.deepEqual(
        Object.values(found).map((one) => Object.keys(one).length),
        [1, 2],
      );
    }
  });
});

describe('the export to OpenMetrics', () => {
  const read = (all: readonly Results[]) =>
    readOpenMetrics(all.map((of) => filesOf(openMetrics, of).get('metrics.txt') ?? ''));

  it('is read by Prometheus’ own reader, with units, ends and what the run was', () => {
    const [families = []] = read([results]);
    assert.deepEqual(
      families.map(({ name, type, unit }) => [name, type, unit]),
      [
        ['vgpubench_run', 'info', ''],
        ['vgpubench_relative_performance_ratio', 'gauge', 'ratio'],
        ['vgpubench_relative_performance_low_ratio', 'gauge', 'ratio'],
        ['vgpubench_relative_performance_high_ratio', 'gauge', 'ratio'],
        ['vgpubench_figure', 'gauge', ''],
        ['vgpubench_figure_low', 'gauge', ''],
        ['vgpubench_figure_high', 'gauge', ''],
        ['vgpubench_trials', 'gauge', ''],
      ],
    );
    const [share] = families[1]?.samples ?? [];
    assert.deepEqual(share?.labels, {
      figure: 'slow/mmul/time of native',
      ...{ mode: 'slow', workload: 'mmul', metric: 'time', baseline: 'native' },
    });
    assert.ok(share.value > 0.9 && share.value < 0.92, String(share.value));
    assert.equal(families[0]?.samples[0]?.labels['commit'], 'abc123');
  });

  it('is read whatever a guest printed', () => {
    for (const families of read(HOSTILE.map(hostileResults))) {
      const samples = families.flatMap((one) => one.samples);
      assert.equal(samples.filter(({ name }) => name === 'vgpubench_figure').length, 2);
    }
  });
});

describe('the export to Otava', () => {
  /** What Otava makes of its configuration and CSV: apache/otava, test_config.py and importer.py. */
  function readByOtava(files: Map<string, string>) {
    const { tests } = parse(files.get('otava.yaml') ?? '') as {
      tests: Record<string, { file: string; metrics: Record<string, { column: string; direction: number }> }>;
    };
    const [[name, test] = []] = Object.entries(tests);
    assert.ok(test);
    const [head = [], ...rows] = parseCsv(files.get(test.file) ?? '');
    for (const row of rows) assert.equal(row.length, head.length);
    const metrics = Object.entries(test.metrics).map(([metric, { column, direction }]) => {
      const at = head.indexOf(column);
      assert.ok(at > 1, column);
      const values = rows.map((row) => Number(row[at]));
      assert.ok(values.every((value) => Number.isFinite(value)));
      return { metric, direction, values };
    });
    return { name, head, rows, metrics };
  }

  it('has a column for each figure, with its direction', () => {
    const { name, rows, metrics } = readByOtava(filesOf(otava));
    assert.equal(name, 'simulated');
    assert.deepEqual(rows[0]?.slice(0, 2), ['2030-01-01 00:00:00 +0000', 'abc123']);
    assert.deepEqual(
      metrics.map(({ metric, direction }) => [metric, direction]),
      [
        ['native/mmul/time', -1],
        ['slow/mmul/time', -1],
        ['slow/mmul/time of native', 1],
      ],
    );
  });

  it('adds a row to those of earlier runs, in the order of time, and takes its own row’s place', () => {
    const later: Results = { ...results, started: '2031-01-01T00:00:00.000Z' };
    const first = filesOf(otava, later);
    const both = filesOf(otava, results, { 'otava.csv': first.get('otava.csv') ?? '' });
    assert.deepEqual(
      readByOtava(both).rows.map(([time]) => time),
      ['2030-01-01 00:00:00 +0000', '2031-01-01 00:00:00 +0000'],
    );
    const again = filesOf(otava, later, { 'otava.csv': both.get('otava.csv') ?? '' });
    assert.equal(again.get('otava.csv'), both.get('otava.csv'));
  });

  it('refuses a file of other columns, and names both', () => {
    const native = results.cells.filter(({ mode }) => mode === 'native');
    const fewer = filesOf(otava, { ...results, cells: native, comparisons: [] });
    const { code, expected, found } = problemOf(() =>
      filesOf(otava, results, { 'otava.csv': fewer.get('otava.csv') ?? '' }),
    );
    assert.equal(code, 'VGB-EXPORT-COLUMNS');
    assert.match(expected ?? '', /slow/);
    assert.doesNotMatch(found ?? '', /slow/);
  });

  it('holds what a guest printed in its field', () => {
    for (const text of HOSTILE)
      assert.equal(readByOtava(filesOf(otava, hostileResults(text))).rows.length, 1);
  });
});
