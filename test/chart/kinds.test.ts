import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createCanvas, loadImage } from '@napi-rs/canvas';
import { chartsOf } from '../../src/chart/charts.ts';
import { renderPng, renderSvg } from '../../src/chart/render.ts';
import type { ChartSpec } from '../../src/chart/spec.ts';
import type { PlannedTrial } from '../../src/plan/plan.ts';
import { simulatedRun } from '../compare/simulated-run.ts';

const time = 'metric: { name: time, field: t, unit: ms, better: lower }';
const sweep = [64, 256, 1024, 4096]
  .map((n) => `  - { use: command, name: mmul-${n}, run: ./mmul ${n}, ${time} }`)
  .join('\n');
/** `slow` takes 5% longer, and 32 units of work more at each start. */
const swept = simulatedRun({
  workloads: sweep,
  value: ({ mode, workload }: PlannedTrial, _, noise) => {
    const work = Number(workload.slice(5));
    return work * (mode === 'slow' ? 1.05 + 32 / work : 1) * Math.exp(0.001 * noise);
  },
  crossings: ({ mode }) => (mode === 'slow' ? { trap: 12, hypercall: 3 } : {}),
}).results;

/** Two guests: together they get 1.8 times as much done as one, the second a third of it. */
const shared = simulatedRun({
  modes: `  native: { use: native, on: c }
  one: { use: custom, on: a }
  two: { use: custom, on: [a, b] }`,
  workloads:
    '  - { use: command, name: work, run: ./w, metric: { name: rate, field: r, unit: MB/s, better: higher } }',
  value: ({ mode }) => (mode === 'two' ? 90 : 100),
  durationNs: () => 1e9,
}).results;

async function coloursOf(chart: ChartSpec): Promise<number> {
  const image = await loadImage(renderPng(chart));
  const canvas = createCanvas(image.width, image.height);
  const context = canvas.getContext('2d');
  context.drawImage(image, 0, 0);
  const { data } = context.getImageData(0, 0, image.width, image.height);
  const seen = new Set<number>();
  for (let i = 0; i < data.length; i += 4)
    if (Math.max(data[i]!, data[i + 1]!, data[i + 2]!) - Math.min(data[i]!, data[i + 1]!, data[i + 2]!) > 60)
      seen.add((data[i]! << 16) | (data[i + 1]! << 8) | data[i + 2]!);
  return seen.size;
}

describe('the charts of a run', () => {
  it('are of every kind that its data allow, each once', () => {
    const kinds = (results: typeof swept) => [
      ...new Set(chartsOf(results).map(({ id }) => id.replace(/-\d+$/, ''))),
    ];
    assert.deepEqual(kinds(swept), ['relative', 'overhead', 'crossings', 'distribution', 'series']);
    for (const kind of ['scaling', 'fairness', 'shares']) assert.ok(kinds(shared).includes(kind), kind);
    const ids = chartsOf(swept).map(({ id }) => id);
    assert.equal(new Set(ids).size, ids.length);
  });

  it('have tables that say what their columns are', () => {
    const heads = (results: typeof swept, ...ids: string[]) =>
      chartsOf(results).flatMap(({ id, table }) => (ids.includes(id) ? [table.head.join(' | ')] : []));
    assert.deepEqual(heads(swept, 'relative', 'overhead-1', 'crossings-1', 'distribution-1', 'series-1'), [
      'mode | workload | metric | relative performance | interval | verdict',
      'mode | workload | crossings per run | work per crossing (µs) | time ÷ baseline | interval | ' +
        'fitted limit | fitted cost per crossing (µs) | note',
      'mode | trap | hypercall',
      'mode | samples | minimum | first quartile | median | third quartile | maximum',
      'block | native (median, ms) | slow (median, ms)',
    ]);
    assert.deepEqual(heads(shared, 'scaling-1', 'fairness-1', 'shares-1'), [
      'mode | guests | throughput (MB/s) | interval | ÷ fewest guests | interval',
      'mode | guests | Jain’s index | interval',
      'mode | guest | throughput | share | slowdown relative to the fewest guests',
    ]);
  });

  it('carry the lab’s name in their titles, since its figures show no hardware', () => {
    const titles = (results: typeof swept) => chartsOf(results).map(({ title }) => title);
    const ofLab = titles({ ...swept, versions: { ...swept.versions, lab: 'software GPU' } });
    assert.deepEqual(
      ofLab,
      titles(swept).map((title) => `${title} (lab: software GPU)`),
    );
  });

  it('say which direction is better, and have a table and colour', async () => {
    for (const chart of [...chartsOf(swept), ...chartsOf(shared)]) {
      assert.match(JSON.stringify(chart.config), /is better/, chart.id);
      assert.ok(
        chart.table.rows.every((row) => row.length === chart.table.head.length),
        chart.id,
      );
      assert.ok((await coloursOf(chart)) > 0, `${chart.id} has nothing drawn in colour`);
      assert.ok(renderSvg(chart).length > 1000, chart.id);
    }
  });
});
