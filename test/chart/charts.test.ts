import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { loadImage, createCanvas } from '@napi-rs/canvas';
import { chartsOf } from '../../src/chart/charts.ts';
import { lookOf } from '../../src/chart/palette.ts';
import { renderPng, renderSvg } from '../../src/chart/render.ts';
import { type ChartSpec, percentage, short } from '../../src/chart/spec.ts';
import { resultsOf } from '../../src/compare/compare.ts';
import { type Figures, runOf } from '../support/events.ts';
import { recordOf } from '../../src/record/fold.ts';

function results(figures: Omit<Figures, 'metrics'> = {}) {
  const { experiment, plan, events } = runOf([[8, 9, 10], [8], [9]], [[4, 5], [4], [3]], { figures });
  return resultsOf(experiment, plan, recordOf(events));
}

const withPhases = results({ phases: { htod: 2e6, launch: 1e6 } });
const charts = chartsOf(withPhases);
const chart = (id: string, all: readonly ChartSpec[] = charts): ChartSpec => {
  const found = all.find((one) => one.id === id);
  assert.ok(found, `a chart ${id} among ${all.map((one) => one.id).join(', ')}`);
  return found;
};

interface Config {
  data: { labels?: string[]; datasets: { label: string; data: Record<string, number>[] & number[] }[] };
  options: { scales: Record<string, { title?: { text: string } }> };
}
const configOf = (spec: ChartSpec) => spec.config as Config;

describe('the charts of a report', () => {
  it('are the relative performance, the phases where there are any, and each metric as a distribution and over the blocks', () => {
    assert.deepEqual(
      charts.map(({ id }) => id),
      ['relative', 'phases-1', 'distribution-1', 'series-1'],
    );
    assert.deepEqual(
      chartsOf(results()).map(({ id }) => id),
      ['relative', 'distribution-1', 'series-1'],
    );
    assert.deepEqual(chartsOf({ ...withPhases, comparisons: [], cells: [] }), []);
  });

  it('are plain data: JSON gives them back as they were', () => {
    assert.deepEqual(JSON.parse(JSON.stringify(charts)), charts);
  });

  it('say on an axis and in words which way is better', () => {
    for (const better of ['higher', 'lower'] as const)
      for (const spec of chartsOf(results({ better, phases: { htod: 1 } }))) {
        const axes = Object.values(configOf(spec).options.scales).map(({ title }) => title?.text ?? '');
        const words = spec.id.startsWith('series') ? `${better} is better` : 'is better';
        assert.ok(
          axes.some((title) => title.includes(words)),
          `${spec.id}: ${axes.join(', ')}`,
        );
        assert.ok(spec.caption.includes(words), spec.caption);
      }
  });

  it('have tables whose rows have a field for each head', () => {
    for (const { table } of charts) {
      assert.ok(table.rows.length > 0);
      for (const row of table.rows) assert.equal(row.length, table.head.length);
    }
  });
});

describe('the chart of relative performance', () => {
  it('has a bar for each comparison that ends where its table says, with its interval', () => {
    const spec = chart('relative');
    const [one] = withPhases.comparisons;
    const [set] = configOf(spec).data.datasets;
    const [heading, bar] = set?.data ?? [];
    assert.deepEqual(heading, {});
    assert.ok(one?.ratio && one.low && one.high && bar);
    assert.deepEqual(bar, {
      x: short(100 * one.ratio),
      xMin: short(100 * one.low),
      xMax: short(100 * one.high),
    });
    assert.deepEqual(spec.table.rows, [
      [
        'slow',
        'mmul',
        'gflops',
        percentage(one.ratio),
        `${percentage(one.low)} to ${percentage(one.high)}`,
        one.verdict,
      ],
    ]);
    assert.deepEqual(
      [set?.label, configOf(spec).data.labels],
      ['slow', ['mmul: gflops', '\u00a0\u00a0\u00a0slow']],
    );
  });

  it('turns a metric over where less is better, so that further right is better', () => {
    const [, bar] =
      configOf(chart('relative', chartsOf(results({ better: 'lower' })))).data.datasets[0]?.data ?? [];
    assert.ok(bar);
    assert.ok((bar['x'] ?? 0) > 100);
    assert.ok((bar['xMin'] ?? 0) <= (bar['x'] ?? 0) && (bar['x'] ?? 0) <= (bar['xMax'] ?? 0));
  });

  it('gives a bar without an interval whiskers of no length, and leaves out what has no ratio', () => {
    const [one] = withPhases.comparisons;
    assert.ok(one);
    const bare = { ...one, low: null, high: null };
    const none = { ...one, metric: 'other', ratio: null, low: null, high: null };
    const spec = chart('relative', chartsOf({ ...withPhases, comparisons: [bare, none] }));
    const [, bar] = configOf(spec).data.datasets[0]?.data ?? [];
    assert.ok(bar && bar['x'] === bar['xMin'] && bar['x'] === bar['xMax']);
    assert.equal(spec.table.rows.length, 1);
    assert.equal(spec.table.rows[0]?.[4], 'none');
    assert.equal(
      chartsOf({ ...withPhases, comparisons: [none] }).some(({ id }) => id === 'relative'),
      false,
    );
  });
});

describe('the chart of a metric over the blocks', () => {
  it('has every sample as a point and the median of every block on a line', () => {
    const { datasets } = configOf(chart('series-1')).data;
    assert.deepEqual(
      datasets.map(({ label }) => label),
      ['', 'native', '', 'slow'],
    );
    assert.deepEqual(
      datasets[0]?.data.map(({ y }) => y),
      [8, 9, 10, 8, 9],
    );
    assert.deepEqual(
      datasets[1]?.data.map(({ y }) => y),
      [9, 8, 9],
    );
    assert.deepEqual(
      datasets[3]?.data.map(({ x }) => Math.round(x ?? 0)),
      [1, 2, 3],
    );
  });

  it('has the medians in its table', () => {
    assert.deepEqual(chart('series-1').table, {
      head: ['block', 'native (median, GFLOP/s)', 'slow (median, GFLOP/s)'],
      rows: [
        ['1', '9', '4.5'],
        ['2', '8', '4'],
        ['3', '9', '3'],
      ],
    });
  });

  it('stays small: of a trial of very many samples, some are drawn, from its first to near its last', () => {
    const many = Array.from({ length: 1000 }, (_, i) => i + 1);
    const { experiment, plan, events } = runOf([many], [[4]]);
    const spec = chart('series-1', chartsOf(resultsOf(experiment, plan, recordOf(events))));
    const drawn = configOf(spec).data.datasets[0]?.data.map(({ y }) => y ?? 0) ?? [];
    assert.equal(drawn.length, 40);
    assert.ok(drawn[0] === 1 && (drawn.at(-1) ?? 0) > 950);
  });
});

describe('the chart of phases', () => {
  it('has the means of its table, in ms', () => {
    const spec = chart('phases-1');
    assert.deepEqual(spec.table, {
      head: ['mode', 'htod (ms)', 'launch (ms)'],
      rows: [
        ['native', '2', '1'],
        ['slow', '2', '1'],
      ],
    });
    assert.deepEqual(
      configOf(spec).data.datasets.map(({ label, data }) => [label, [...data]]),
      [
        ['htod', [2, 2]],
        ['launch', [1, 1]],
      ],
    );
  });
});

describe('a drawn chart', () => {
  /** How often each colour is in a picture. */
  async function colours(
    png: Buffer,
  ): Promise<{ width: number; height: number; count: Map<number, number> }> {
    const image = await loadImage(png);
    const canvas = createCanvas(image.width, image.height);
    const context = canvas.getContext('2d');
    context.drawImage(image, 0, 0);
    const { data } = context.getImageData(0, 0, image.width, image.height);
    const count = new Map<number, number>();
    for (let i = 0; i < data.length; i += 4) {
      const colour = ((data[i] ?? 0) << 16) | ((data[i + 1] ?? 0) << 8) | (data[i + 2] ?? 0);
      count.set(colour, (count.get(colour) ?? 0) + 1);
    }
    return { width: image.width, height: image.height, count };
  }
  const hex = (colour: string) => parseInt(colour.slice(1, 7), 16);

  for (const spec of charts)
    it(`of ${spec.id} is a PNG of twice its size with its colours on white`, async () => {
      const { width, height, count } = await colours(renderPng(spec));
      assert.deepEqual([width, height], [1800, 2 * spec.height]);
      assert.ok((count.get(0xffffff) ?? 0) > 0.3 * width * height, 'paper');
      const colour = spec.id === 'relative' ? lookOf(1).colour : lookOf(0).colour;
      assert.ok((count.get(hex(colour)) ?? 0) > 50, `${colour} in ${spec.id}`);
    });

  it('too tall for a page is a PNG of its own size', async () => {
    const { width, height } = await colours(renderPng({ ...chart('relative'), height: 2001 }));
    assert.deepEqual([width, height], [900, 2001]);
  });

  it('has its bars where its figures are', async () => {
    const spec = chart('relative');
    const shorter = structuredClone(spec);
    const bar = configOf(shorter).data.datasets[0]?.data[1];
    assert.ok(bar);
    Object.assign(bar, { x: 10, xMin: 10, xMax: 10 });
    const area = async (one: ChartSpec) =>
      (await colours(renderPng(one))).count.get(hex(lookOf(1).colour)) ?? 0;
    const [most, least] = [await area(spec), await area(shorter)];
    assert.ok(most > 2 * least, `${most} and ${least} pixels`);
  });

  it('is an SVG of paths and texts, with nothing to load or run', () => {
    for (const spec of charts) {
      const svg = renderSvg(spec).toString('utf8');
      assert.match(svg, /^(<\?xml[^>]*>\s*)?<svg [^]*<\/svg>\s*$/);
      assert.ok((svg.match(/<(path|rect|line|text) /g)?.length ?? 0) > 20, spec.id);
      assert.ok(svg.includes('</text>'), spec.id);
      assert.doesNotMatch(svg, /<script|<image|href="http/);
    }
  });

  it('leaves its spec as it was', () => {
    const before = structuredClone(charts);
    for (const spec of charts) renderPng(spec);
    assert.deepEqual(charts, before);
  });
});
