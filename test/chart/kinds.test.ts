import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createCanvas, loadImage } from '@napi-rs/canvas';
import { chartsOf } from '../../src/chart/charts.ts';
import { renderPng, renderSvg } from '../../src/chart/render.ts';
import type { ChartSpec } from '../../src/chart/spec.ts';
import { sharingOf } from '../../src/compare/sharing.ts';
import { sweepsOf } from '../../src/compare/sweep.ts';
import type { PlannedTrial } from '../../src/plan/plan.ts';
import { fitHyperbola } from '../../src/statistics/hyperbola.ts';
import { simulatedRun } from '../compare/simulated-run.ts';
import { close } from '../statistics/reference.ts';

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
  value: ({ mode }, _, noise) => (mode === 'two' ? 90 : 100) + 0 * noise,
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
    assert.deepEqual(kinds(swept), ['relative', 'sweep', 'crossings', 'distribution', 'series']);
    assert.ok(kinds(shared).includes('sharing'));
    const ids = chartsOf(swept).map(({ id }) => id);
    assert.equal(new Set(ids).size, ids.length);
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

describe('a sweep of work', () => {
  it('finds the fixed cost, and what remains', () => {
    const [found] = sweepsOf(swept);
    assert.deepEqual(
      [found!.mode, found!.family, found!.points.map(({ x }) => x)],
      ['slow', 'mmul', [64, 256, 1024, 4096]],
    );
    assert.ok(Math.abs(found!.fit.cost - 32) < 0.5 && Math.abs(found!.fit.limit - 1.05) < 0.005);
    assert.ok(found!.points.every(({ time, low, high }) => low! < time && time < high!));
  });

  it('needs three amounts of work', () => {
    assert.deepEqual(sweepsOf(shared), []);
    assert.equal(
      fitHyperbola([
        { x: 1, y: 1 },
        { x: 2, y: 2 },
      ]),
      undefined,
    );
    const { limit, cost } = fitHyperbola([1, 2, 4].map((x) => ({ x, y: 3 - 2 / x })))!;
    close(limit, 3);
    close(cost, -2);
    assert.throws(() => fitHyperbola([0, 1, 2].map((x) => ({ x, y: 1 }))), RangeError);
  });
});

describe('guests together', () => {
  it('are held against the fewest of the same options', () => {
    const found = sharingOf(shared).map(({ mode, guests, aggregate }) => [
      mode,
      guests,
      Number(aggregate.toFixed(9)),
    ]);
    assert.deepEqual(found, [
      ['one', 1, 1],
      ['two', 2, 1.8],
    ]);
  });

  it('are as fair as Jain’s index says', () => {
    const uneven = structuredClone(shared);
    for (const { mode, trials } of uneven.cells)
      if (mode === 'two') for (const trial of trials) trial.guests = { a: [120, 120], b: [60, 60] };
    const fairness = sharingOf(uneven).map((one) => one.fairness);
    close(fairness[0]!, 1);
    close(fairness[1]!, 180 ** 2 / (2 * (120 ** 2 + 60 ** 2)));
  });
});
