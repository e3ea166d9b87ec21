import { lookOf } from './palette.ts';
import { type ChartSpec, FRAME, figure } from './spec.ts';

/** CSS pixels. */
const BAR = 36;

/** What a bar a mode is made of, part by part. */
export interface StackedBars {
  id: string;
  title: string;
  caption: string;
  /** Parts by name, by mode; a part that a mode has not is 0. */
  byMode: ReadonlyMap<string, Readonly<Record<string, number>>>;
  axis: string;
  /** A part's column in the table. */
  column: (part: string) => string;
}

/** A stacked bar a mode. */
export function stackedBars({ id, title, caption, byMode, axis, column }: StackedBars): ChartSpec {
  const modes = [...byMode.keys()];
  const parts = [...new Set([...byMode.values()].flatMap((one) => Object.keys(one)))];
  const size = (mode: string, part: string) => byMode.get(mode)?.[part] ?? 0;
  return {
    id,
    title,
    caption,
    height: FRAME + BAR * modes.length,
    config: {
      type: 'bar',
      data: {
        labels: modes,
        datasets: parts.map((part, at) => ({
          label: part,
          data: modes.map((mode) => size(mode, part)),
          backgroundColor: lookOf(at).colour,
          borderColor: '#ffffff',
          borderWidth: 1,
        })),
      },
      options: {
        indexAxis: 'y',
        scales: { x: { stacked: true, title: { display: true, text: axis } }, y: { stacked: true } },
      },
    },
    table: {
      head: ['mode', ...parts.map(column)],
      rows: modes.map((mode) => [mode, ...parts.map((part) => figure(size(mode, part)))]),
    },
  };
}
