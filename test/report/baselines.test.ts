/** What is said of a run whose modes have different baselines: two GPUs, each with a native run of its own. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { chartsOf } from '../../src/chart/charts.ts';
import type { ChartSpec } from '../../src/chart/spec.ts';
import { answerRows } from '../../src/report/answer.ts';
import { reportHtml } from '../../src/report/html.ts';
import { junitXml } from '../../src/report/junit.ts';
import { longTableTex } from '../../src/report/latex.ts';
import { summaryMarkdown } from '../../src/report/markdown.ts';
import { method, overheadLines } from '../../src/report/wording.ts';
import { TWO_GPUS, msOf, twoGpus } from '../compare/two-gpus.ts';

const names = ['small', 'middle', 'large'];
const { results, source } = twoGpus({
  workloads: names
    .map(
      (name) =>
        `  - { use: command, name: ${name}, run: ./w, metric: { name: time, field: t, unit: ms, better: lower } }`,
    )
    .join('\n'),
  value: ({ mode, workload }, _, noise) =>
    10 ** names.indexOf(workload) * msOf(mode) * Math.exp(0.002 * noise),
});
const charts = chartsOf(results);
const chartOf = (id: string): ChartSpec => charts.find((one) => one.id === id)!;
const axis = ({ config }: ChartSpec) => JSON.stringify(config.options?.scales);
const NAMED = 'the mode’s baseline (native, but native-i915 for mediated)';

describe('the words of a report on several baselines', () => {
  it('hold each mode against its own', () => {
    assert.deepEqual(
      answerRows(results).map(({ mode, baseline, verdicts }) => [mode, baseline, verdicts]),
      [
        ['pvdrm', 'native', '3 slower'],
        ['mediated', 'native-i915', '3 slower'],
      ],
    );
    const [first, second] = overheadLines(results);
    assert.match(first!, /^pvdrm, .* it takes 1\d\d\.\d% of native’s time/);
    assert.match(second!, /^mediated, .* it takes 12\d\.\d% of native-i915’s time/);
  });

  it('say which mode has which baseline where the method is told', () => {
    assert.ok(method(results).includes(`of mode ÷ ${NAMED}, paired by block`), method(results));
  });

  it('leave the experiment’s out where no mode is compared with it, and name a single one alone', () => {
    const all = TWO_GPUS.replace('{ GPU: nv }', '{ GPU: nv }, baseline: native-i915');
    assert.match(method(twoGpus({ modes: all }).results), /of mode ÷ native-i915, paired/);
    const others = `${TWO_GPUS}\n  third: { use: custom, on: a, baseline: pvdrm }`.replace(
      'pvdrm: { use: custom, on: b,',
      'pvdrm: { use: custom, on: b, baseline: native-i915,',
    );
    assert.match(
      method(twoGpus({ modes: others }).results),
      /÷ the mode’s baseline \(native-i915 for pvdrm, mediated; pvdrm for third\), paired/,
    );
  });

  it('stand in a column of their own on the page, in the summary and in the table for LaTeX', () => {
    const page = reportHtml({ results, charts, experiment: source });
    assert.match(page, /<td>mediated<\/td><td>native-i915<\/td>\s*<td>small<\/td>/);
    assert.match(page, /<td>pvdrm<\/td><td>native<\/td>\s*<td>small<\/td>/);
    assert.match(page, /<th scope="col">Baseline<\/th><th scope="col">Workload<\/th>/);
    assert.match(page, /<th scope="col">% of the mode’s baseline<\/th>/);
    const summary = summaryMarkdown(results).split('\n');
    const head = summary.find((line) => line.startsWith('| mode | baseline | performance |'))!;
    const columns = (line: string) => line.split('|').length;
    assert.equal(columns(summary[summary.indexOf(head) + 1]!), columns(head));
    const rows = summary.filter((line) => line.startsWith('| mediated | native\\-i915 | '));
    assert.equal(rows.length, 1);
    for (const line of rows) assert.equal(columns(line), columns(head));
    const table = longTableTex(results);
    assert.match(table, /\\begin\{longtable\}\{llllrll\}/);
    assert.match(table, /mode & baseline & workload & metric & \\% of the mode’s baseline &/);
    assert.match(table, /\nmediated & native-i915 & small & time & (79\.\d|80\.\d) &/);
  });

  it('are no column where there is one baseline', () => {
    const one = twoGpus({ modes: TWO_GPUS.replace(', baseline: native-i915', '') }).results;
    assert.match(summaryMarkdown(one), /\| mode \| of native \|/);
    assert.match(longTableTex(one), /mode & workload & metric & \\% of native &/);
    assert.match(
      reportHtml({ results: one, charts: [], experiment: source }),
      /<th scope="col">% of native<\/th>/,
    );
  });

  it('are in JUnit’s cases', () => {
    const cases = junitXml(results).match(/name="mediated\/small\/time".*?of native-i915, interval/g);
    assert.equal(cases?.length, 1);
  });
});

describe('the charts of several baselines', () => {
  it('name each bar’s baseline beside it, and no other on the axis', () => {
    const chart = chartOf('relative');
    assert.equal(chart.title, 'Performance relative to the mode’s baseline');
    assert.ok(chart.caption.startsWith(`100% is ${NAMED};`), chart.caption);
    const labels = (chart.config.data.labels ?? []).map((label) => String(label).trim());
    assert.deepEqual(labels.slice(0, 3), ['small: time', 'pvdrm, of native', 'mediated, of native-i915']);
    assert.match(axis(chart), /% of the mode’s baseline \(further right is better\)/);
    assert.deepEqual(chart.table.head.slice(0, 3), ['mode', 'baseline', 'workload']);
    for (const row of chart.table.rows) assert.equal(row.length, chart.table.head.length);
    assert.ok(chart.table.rows.some(([mode, baseline]) => mode === 'mediated' && baseline === 'native-i915'));
  });

  it('draw overhead by the work of one baseline each', () => {
    const [first, second] = [chartOf('overhead-1'), chartOf('overhead-2')];
    assert.deepEqual(
      [first.title, second.title],
      ['native', 'native-i915'].map((one) => `time: overhead by work per run, relative to ${one}`),
    );
    for (const [chart, mode, baseline] of [
      [first, 'pvdrm', 'native'],
      [second, 'mediated', 'native-i915'],
    ] as const) {
      assert.deepEqual([...new Set(chart.table.rows.map((row) => row[0]))], [mode]);
      assert.ok(chart.caption.startsWith(`Time relative to ${baseline} (`), chart.caption);
      assert.ok(axis(chart).includes(`time ÷ ${baseline} (`), axis(chart));
    }
  });
});
