/** Charts of what a journal may hold, also one of an older vgpubench: any number and any name, drawn in little time. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { chartsOf } from '../../src/chart/charts.ts';
import { renderPng, renderSvg } from '../../src/chart/render.ts';
import { resultsOf } from '../../src/compare/compare.ts';
import type { Results } from '../../src/compare/results.ts';
import { recordOf } from '../../src/record/fold.ts';
import { runOf } from '../support/events.ts';
import { HOSTILE } from '../support/hostile-run.ts';

/** All charts of a run take no more CPU time than this, in s. */
const BOUND_S = 10;

const { experiment, plan, events } = runOf([[8, 9], [8]], [[4], [4]]);
const base = resultsOf(experiment, plan, recordOf(events));

function drawn(results: Results): ReturnType<typeof chartsOf> {
  const began = process.cpuUsage().user;
  const charts = chartsOf(results);
  for (const chart of charts) assert.ok(renderSvg(chart).length > 1000, chart.id);
  const seconds = (process.cpuUsage().user - began) / 1e6;
  assert.ok(seconds < BOUND_S, `${seconds} s`);
  return charts;
}

/** Every figure is `value`, but every other one is 1. */
function filled(value: number): Results {
  const own = { a: value, b: 1 };
  return {
    ...base,
    comparisons: base.comparisons.map((one) => ({
      ...one,
      ...{ ratio: value, low: 1 / value, high: value, phases: own, crossings: own },
    })),
    cells: base.cells.map((cell) => ({
      ...cell,
      phases: own,
      trials: cell.trials.map((trial) => ({ ...trial, values: [1, value, value, value] })),
    })),
  };
}

function named(names: readonly string[]): Results {
  const own = Object.fromEntries(names.map((name, at) => [name, at + 1]));
  return {
    ...base,
    comparisons: base.comparisons.map((one) => ({ ...one, metric: names[0] ?? '', crossings: own })),
    // The baseline has none of them.
    cells: base.cells.map((cell, at) => ({ ...cell, metric: names[0] ?? '', phases: at === 0 ? {} : own })),
  };
}

describe('charts', () => {
  it('end with any number', () => {
    for (const value of [1.7e308, 1e300, 1e100, 1e17, 2 ** 53 + 2, 1e-17, 1e-100, 5e-324, 0, -1.7e308])
      drawn(filled(value));
  });

  it('are drawn with any name, with signs for what can’t be seen', () => {
    const code = String.fromCharCode;
    const unseen = /[^\P{Cc}\n]|[\u202a-\u202e\u2066-\u2069\ufeff\uffff]|\p{Surrogate}/u;
    const names = [
      ...HOSTILE,
      `a${code(0)}b`,
      `${code(0x9b)}${code(0xd800)}`,
      'toString',
      'constructor',
      '__proto__',
      '',
    ];
    // The first is the metric's name as well.
    for (const all of [names, names.toReversed(), [`${code(0)}${code(0x202e)}`]])
      for (const chart of drawn(named(all))) {
        assert.doesNotMatch(JSON.stringify([chart.title, chart.config]).replaceAll('\\n', ''), unseen);
        assert.ok(renderPng(chart).length > 1000, chart.id);
      }
  });

  it('are SVG with text that can be searched, each name as the text that it is', () => {
    const name = `a<b> & "c" </text><script>`;
    const chart = drawn(named([name])).find(({ id }) => id === 'crossings-1')!;
    const svg = renderSvg(chart).toString();
    const told = [...svg.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map(([, text = '']) => text);
    assert.ok(
      told.some((text) => text.startsWith('a&lt;b&gt; &amp; &quot;c&quot; &lt;/text&gt;&lt;script&gt;')),
      told.join('\n'),
    );
    assert.doesNotMatch(svg, /<script/);
  });

  it('have labels of bounded length', () => {
    for (const { title, config } of drawn(named(['x'.repeat(1e6), '漢'.repeat(1e6)])))
      assert.ok(JSON.stringify([title, config]).length < 20_000);
  });

  it('have parts of bounded number: the largest, and all others in one', () => {
    const names = Array.from({ length: 20_000 }, (_, at) => `phase ${at}`);
    const { config, table } = drawn(named(names)).find(({ id }) => id === 'crossings-1')!;
    const labels = config.data.datasets.map(({ label }) => label);
    assert.deepEqual([labels.length, labels[0], labels.at(-1)], [7, 'phase 19994', 'other (19994)']);
    assert.equal(table.head.length, 1 + 7);
    const total = config.data.datasets.reduce((sum, { data }) => sum + (data[0] as number), 0);
    // But for the digits that no eye can tell apart.
    assert.ok(Math.abs(total / ((20_000 * 20_001) / 2) - 1) < 1e-5, String(total));
  });

  it('are of bounded number and height, and say so', () => {
    const metrics = <T extends object>(one: T) =>
      Array.from({ length: 400 }, (_, at) => ({ ...one, metric: `m${at}` }));
    const [comparison] = base.comparisons;
    assert.ok(comparison);
    const many = { ...base, comparisons: metrics(comparison), cells: base.cells.flatMap(metrics) };
    const charts = chartsOf(many);
    assert.equal(charts.length, 1 + 2 * 100);
    const [relative] = charts;
    assert.ok(relative && relative.height < 4000 && relative.table.rows.length === 400);
    assert.match(relative.caption, /Only the first 200 of 800 rows; the table has all\.$/);
    renderPng(relative);
  });
});
