/** Every label of a chart is inside its canvas. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { chartsOf } from '../../src/chart/charts.ts';
import { renderSvg } from '../../src/chart/render.ts';
import type { ChartSpec } from '../../src/chart/spec.ts';
import { madeResults } from '../report/made-run.ts';

/** A lab's name, as it stands in the titles of real runs; and a workload of a name as long as they come. */
const named = (name: string) => ({
  ...madeResults,
  versions: { ...madeResults.versions, lab: 'software GPU, Xen under QEMU TCG' },
  cells: madeResults.cells.map((cell) => ({ ...cell, workload: name + cell.workload })),
  comparisons: madeResults.comparisons.map((one) => ({ ...one, workload: name + one.workload })),
});

const RUNS = {
  'ordinary names': named(''),
  'long names': named('a-workload-whose-name-has-no-end-'.repeat(4)),
};

interface Label {
  text: string;
  left: number;
  right: number;
  top: number;
  bottom: number;
}

/** Where each text of an SVG stands, by the place of its first and of its last letter, each as wide as the font is high. */
function labelsOf(chart: ChartSpec): Label[] {
  const texts = renderSvg(chart)
    .toString('utf8')
    .matchAll(/<text ([^>]*)>([^<]*)</g);
  return [...texts].map(([, attributes = '', text = '']) => {
    const numbers = (name: string) =>
      (new RegExp(`\\b${name}="([^"]*)"`).exec(attributes)?.[1] ?? '')
        .split(/[ ,]+/)
        .filter(Boolean)
        .map(Number);
    const [size = 12] = numbers('font-size');
    const [, kind, inside = ''] = /transform="(\w+)\(([^)]*)\)"/.exec(attributes) ?? [];
    const by = inside.split(/[ ,]+/).filter(Boolean).map(Number);
    const [a = 1, b = 0, c = 0, d = 1, e = 0, f = 0] =
      kind === undefined ? [] : kind === 'matrix' ? by : [1, 0, 0, 1, by[0] ?? 0, by[1] ?? 0];
    const place = (x: number, y: number) => ({ x: a * x + c * y + e, y: b * x + d * y + f });
    const [xs, [y = 0]] = [numbers('x'), numbers('y')];
    const corners = [
      place(xs[0] ?? 0, y),
      place((xs.at(-1) ?? 0) + 0.7 * size, y),
      place(xs[0] ?? 0, y - 0.8 * size),
    ];
    const [across, down] = [corners.map((one) => one.x), corners.map((one) => one.y)];
    return {
      text,
      ...{ left: Math.min(...across), right: Math.max(...across) },
      ...{ top: Math.min(...down), bottom: Math.max(...down) },
    };
  });
}

/** CSS pixels. */
const WIDTH = 900;

function outside(labels: readonly Label[], { height }: ChartSpec): Label[] {
  return labels.filter(
    ({ left, right, top, bottom }) => left < 0 || right > WIDTH || top < 0 || bottom > height,
  );
}

describe('the labels of a chart', () => {
  it('are found where they are outside of it', () => {
    const [chart] = chartsOf(madeResults);
    assert.ok(chart);
    const wide = structuredClone(chart);
    const label = 'W'.repeat(120);
    // Chart.js squeezes titles into their place, and names in the legend not.
    Object.assign(wide.config.data.datasets[0] ?? {}, { label });
    assert.deepEqual(
      outside(labelsOf(wide), wide).map(({ text }) => text),
      [label],
    );
  });

  for (const [name, results] of Object.entries(RUNS))
    it(`lie inside its canvas, with ${name}`, () => {
      const charts = chartsOf(results);
      assert.ok(charts.length > 5);
      for (const chart of charts) {
        const labels = labelsOf(chart);
        assert.ok(labels.length > 4, chart.id);
        assert.deepEqual(outside(labels, chart), [], chart.id);
      }
    });
});
