import type { HistoryCell, HistoryLine } from './line.ts';

/** What a run found for a cell. */
export interface Point extends Pick<HistoryCell, 'mean' | 'low' | 'high' | 'n' | 'open'> {
  /** Its run’s position in the group. */
  run: number;
}

/** Where a series is cut because later runs can’t be compared with earlier ones, and why. */
export interface Cut {
  /** The first run after it. */
  run: number;
  why: string;
}

/** A cell over the runs that have it. */
export interface Series extends Pick<
  HistoryCell,
  'mode' | 'workload' | 'metric' | 'unit' | 'better' | 'kind'
> {
  points: Point[];
  /** For this cell alone: its part of the experiment changed. */
  cuts: Cut[];
}

/** Runs of one experiment that are compared with each other, by time. */
export interface Group {
  experiment: string;
  /** Values of the labels that runs were grouped by. */
  labels: Record<string, string>;
  runs: HistoryLine[];
  /** For all its cells: a target changed. */
  cuts: Cut[];
  series: Series[];
}

/**
 * The groups of a history, those of the newest runs first. A label is one set by `--label`, `branch`, or a
 * fact under test such as `guest1.kernel`; `kernel` means that of every target.
 */
export function groupsOf(lines: readonly HistoryLine[], by: readonly string[]): Group[] {
  const groups = new Map<string, HistoryLine[]>();
  for (const line of inOrder(lines)) {
    const key = JSON.stringify([line.experiment, Object.entries(labelsOf(line, by))]);
    groups.set(key, [...(groups.get(key) ?? []), line]);
  }
  return [...groups.values()]
    .map((runs) => {
      const [first] = runs;
      return {
        experiment: first?.experiment ?? '',
        labels: first === undefined ? {} : labelsOf(first, by),
        runs,
        cuts: environmentCuts(runs),
        series: seriesIn(runs),
      };
    })
    .reverse()
    .toSorted((a, b) => (startOf(a) < startOf(b) ? 1 : startOf(a) > startOf(b) ? -1 : 0));
}

/** By time, then by name, so that any order of lines gives the same result. */
export function inOrder(lines: readonly HistoryLine[]): HistoryLine[] {
  const key = ({ started, run }: HistoryLine) => `${started} ${run}`;
  return lines.toSorted((a, b) => (key(a) < key(b) ? -1 : 1));
}

/** The points of a series, split at its cuts, oldest first; no part is empty. */
export function segmentsOf({ points, cuts }: Series, common: readonly Cut[]): Point[][] {
  const places = [...common, ...cuts].map(({ run }) => run);
  const segments: Point[][] = [];
  let last: number | undefined;
  for (const point of points) {
    const after = last;
    const cut = after === undefined || places.some((run) => run > after && run <= point.run);
    if (cut) segments.push([]);
    segments.at(-1)?.push(point);
    last = point.run;
  }
  return segments;
}

export const startOf = ({ runs }: Pick<Group, 'runs'>): string => runs.at(-1)?.started ?? '';

function labelsOf({ origin, facts }: HistoryLine, by: readonly string[]): Record<string, string> {
  const own: Record<string, string> = {
    ...facts,
    ...(origin?.branch === undefined ? {} : { branch: origin.branch }),
    ...origin?.labels,
  };
  return Object.fromEntries(
    by.flatMap((label) =>
      Object.entries(own)
        .filter(([key]) => key === label || key.endsWith(`.${label}`))
        .toSorted(([a], [b]) => (a < b ? -1 : 1)),
    ),
  );
}

/** Before each run in which a target reports something different from the last time it was seen. */
function environmentCuts(runs: readonly HistoryLine[]): Cut[] {
  const seen = new Map<string, HistoryLine>();
  return runs.flatMap((line, run) => {
    const changed = Object.entries(line.environment).filter(([target, digest]) => {
      const before = seen.get(target)?.environment[target];
      return before !== undefined && before !== digest;
    });
    const why = changed.map(([target]) => changeWords(target, seen.get(target), line));
    for (const target of Object.keys(line.environment)) seen.set(target, line);
    return why.length === 0 ? [] : [{ run, why: why.join('; ') }];
  });
}

function changeWords(target: string, before: HistoryLine | undefined, line: HistoryLine): string {
  const own = (facts: Readonly<Record<string, string>> = {}) =>
    new Map(Object.entries(facts).filter(([key]) => key.startsWith(`${target}.`)));
  const [was, is] = [own(before?.facts), own(line.facts)];
  const words = [...new Set([...was.keys(), ...is.keys()])]
    .filter((key) => was.get(key) !== is.get(key))
    .map((key) => `${key} was ${was.get(key) ?? 'unknown'} and is ${is.get(key) ?? 'unknown'}`);
  return words.length === 0 ? `${target} has changed` : words.join(', ');
}

function seriesIn(runs: readonly HistoryLine[]): Series[] {
  const found = new Map<string, { series: Series; asked: string }>();
  for (const [run, { cells }] of runs.entries())
    for (const { mean, low, high, n, open, asked, ...cell } of cells) {
      const key = JSON.stringify([cell.mode, cell.workload, cell.metric, cell.unit, cell.better, cell.kind]);
      const own = found.get(key) ?? { series: { ...cell, points: [], cuts: [] }, asked };
      found.set(key, own);
      if (own.asked !== asked) own.series.cuts.push({ run, why: 'its part of the experiment changed' });
      own.asked = asked;
      own.series.points.push({ run, mean, low, high, n, ...(open === undefined ? {} : { open }) });
    }
  return [...found.values()].map(({ series }) => series);
}
