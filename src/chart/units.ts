/** The most readable unit for a chart's figures. */

const SERIES: readonly (readonly (readonly [name: string, size: number])[])[] = [
  [
    ['ns', 1],
    ['µs', 1e3],
    ['ms', 1e6],
    ['s', 1e9],
  ],
  [
    ['B/s', 1],
    ['kB/s', 1e3],
    ['MB/s', 1e6],
    ['GB/s', 1e9],
  ],
];

/** Other spellings of a unit. */
const ALIASES: Readonly<Record<string, string>> = { us: 'µs', '\u03bcs': 'µs' };

export interface Shown {
  unit: string;
  /** A figure in that unit. */
  of: (value: number) => number;
}

/** The largest unit of the same kind in which the median figure is at least 1; unknown units are kept. */
export function shownIn(unit: string, figures: readonly number[]): Shown {
  const own = ALIASES[unit] ?? unit;
  const series = SERIES.find((units) => units.some(([name]) => name === own));
  const size = series?.find(([name]) => name === own)?.[1];
  const sizes = figures.map(Math.abs).sort((a, b) => a - b);
  const middle = sizes[Math.floor(sizes.length / 2)];
  if (series === undefined || size === undefined || middle === undefined || middle === 0)
    return { unit, of: (value) => value };
  const [name, chosen] = series.findLast(([, one]) => one <= middle * size) ?? [own, size];
  return { unit: name, of: (value) => (value * size) / chosen };
}
