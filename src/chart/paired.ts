import { lookOf } from './palette.ts';
import { type ChartSpec, axisFor, figure, percentage, short } from './spec.ts';

/** A comparison and its blocks. */
export interface PairedCell {
  mode: string;
  /** Index among the run's modes, which determines its colour and marker. */
  index: number;
  baseline: string;
  unit: string;
  better: 'higher' | 'lower';
  /** Relative performance, where 1 means as fast, with its interval. */
  share: number | null;
  low: number | null;
  high: number | null;
  /** A share. */
  margin: number;
  /** Geometric means of a block's samples, in `unit`, in blocks that both have. */
  blocks: readonly { block: number; own: number; base: number }[];
}

/** Performance relative to the baseline, block by block: the data behind the interval. */
export function pairedChart(cell: PairedCell): ChartSpec {
  const { mode, baseline, unit, blocks, margin } = cell;
  const { colour, point } = lookOf(cell.index);
  const shares = blocks.map(({ block, own, base }) => ({
    block,
    share: 100 * (cell.better === 'higher' ? own / base : base / own),
  }));
  const numbers = blocks.map(({ block }) => block);
  const band = (low: number, high: number, backgroundColor: string) => ({
    ...{ type: 'box' as const, yMin: low, yMax: high, backgroundColor, borderWidth: 0 },
    drawTime: 'beforeDatasetsDraw' as const,
  });
  const line = (at: number, borderColor: string, borderDash: number[]) => ({
    ...{ type: 'line' as const, yMin: at, yMax: at, borderColor, borderDash, borderWidth: 1.5 },
    drawTime: 'beforeDatasetsDraw' as const,
  });
  return {
    id: 'paired',
    of: 'run',
    title: `${mode}: blocks paired with ${baseline}`,
    caption:
      `Performance in each block as % of ${baseline}’s in the same block; higher is better. ` +
      `Line: the geometric mean; coloured band: its interval; grey band: the margin of ${percentage(margin)}; dashes: 100%.`,
    height: 280,
    config: {
      type: 'scatter',
      data: {
        datasets: [
          {
            label: mode,
            data: shares.map(({ block, share }) => ({ x: block, y: short(share) })),
            pointStyle: point,
            pointRadius: 6,
            borderColor: colour,
            backgroundColor: colour,
          },
        ],
      },
      options: {
        scales: {
          x: {
            title: { display: true, text: 'block' },
            min: Math.min(...numbers) - 0.5,
            max: Math.max(...numbers) + 0.5,
            ticks: { stepSize: 1, precision: 0, includeBounds: false },
          },
          y: {
            type: axisFor(shares.map(({ share }) => share)),
            title: { display: true, text: `% of ${baseline} (higher is better)` },
          },
        },
        plugins: {
          annotation: {
            annotations: {
              margin: band(100 / (1 + margin), 100 * (1 + margin), '#00000018'),
              ...(cell.low === null || cell.high === null
                ? {}
                : { interval: band(100 * cell.low, 100 * cell.high, `${colour}22`) }),
              one: line(100, '#444444', [4, 3]),
              ...(cell.share === null ? {} : { mean: line(100 * cell.share, colour, []) }),
            },
          },
        },
      },
    },
    sentence: `{series}, block {block}: {y}% of ${baseline}.`,
    table: {
      head: ['block', `${mode} (${unit})`, `${baseline} (${unit})`, `% of ${baseline}`],
      rows: blocks.map(({ block, own, base }, at) => [
        String(block),
        figure(own),
        figure(base),
        percentage((shares[at]?.share ?? NaN) / 100),
      ]),
    },
  };
}
