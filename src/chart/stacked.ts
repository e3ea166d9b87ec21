import { lookOf } from './palette.ts';
import { type ChartSpec, FRAME, figure, short } from './spec.ts';

/** CSS pixels. */
const BAR = 36;

/**
 * With more parts than this, the largest are drawn and the others summed: there are as many distinguishable
 * colours.
 */
const MOST_PARTS = 7;

/** The parts of a bar per mode. */
export interface StackedBars {
  id: string;
  workload: string;
  title: string;
  caption: string;
  /** Parts by name, by mode; a missing part is 0. */
  byMode: ReadonlyMap<string, Readonly<Record<string, number>>>;
  axis: string;
  /** The text for the part under the pointer (`ChartSpec`). */
  sentence: string;
  /** A part's column in the table. */
  column: (part: string) => string;
}

/** A stacked bar per mode. */
export function stackedBars({
  id,
  workload,
  title,
  caption,
  byMode,
  axis,
  sentence,
  column,
}: StackedBars): ChartSpec {
  const modes = [...byMode.keys()];
  const { parts, sizes } = partsOf(byMode);
  const size = (mode: string, part: string) => sizes.get(part)?.get(mode) ?? 0;
  return {
    id,
    of: { workload },
    title,
    caption,
    sentence,
    height: FRAME + BAR * modes.length,
    config: {
      type: 'bar',
      data: {
        labels: modes,
        datasets: parts.map((part, at) => ({
          label: part,
          data: modes.map((mode) => short(size(mode, part))),
          backgroundColor: lookOf(at).colour,
        })),
      },
      options: {
        indexAxis: 'y',
        datasets: { bar: { borderColor: '#ffffff', borderWidth: 1 } },
        scales: { x: { stacked: true, title: { display: true, text: axis } }, y: { stacked: true } },
      },
    },
    table: {
      head: ['mode', ...parts.map(column)],
      rows: modes.map((mode) => [mode, ...parts.map((part) => figure(size(mode, part)))]),
    },
  };
}

/** The parts, and the size of each by mode. */
function partsOf(byMode: StackedBars['byMode']): {
  parts: string[];
  sizes: Map<string, Map<string, number>>;
} {
  const sizes = new Map<string, Map<string, number>>();
  const totals = new Map<string, number>();
  for (const [mode, own] of byMode)
    for (const [part, size] of Object.entries(own)) {
      sizes.set(part, (sizes.get(part) ?? new Map<string, number>()).set(mode, size));
      totals.set(part, (totals.get(part) ?? 0) + size);
    }
  const all = [...sizes.keys()];
  if (all.length <= MOST_PARTS) return { parts: all, sizes };
  const ranked = all.toSorted((a, b) => (totals.get(b) ?? 0) - (totals.get(a) ?? 0));
  const drawn = new Set(ranked.slice(0, MOST_PARTS - 1));
  const others = `other (${all.length - drawn.size})`;
  const rest = new Map<string, number>();
  for (const [part, modes] of sizes)
    if (!drawn.has(part)) for (const [mode, size] of modes) rest.set(mode, (rest.get(mode) ?? 0) + size);
  sizes.set(others, rest);
  return { parts: [...all.filter((part) => drawn.has(part)), others], sizes };
}
