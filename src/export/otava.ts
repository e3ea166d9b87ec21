/**
 * A history for Apache Otava: a CSV to which each export adds its run, and the configuration with which Otava
 * reads it.
 */
import { stringify } from 'yaml';
import type { Results } from '../compare/results.ts';
import { Problem } from '../problem.ts';
import { csvText } from '../report/csv.ts';
import { type Figure, figuresOf } from './figures.ts';
import type { Exporter } from './format.ts';

const HISTORY = 'otava.csv';
const END = '\r\n';

/**
 * A row for the run, after those of earlier runs; a repeated export replaces its own row. Otava expects a
 * number in every column of every row, so rows with different columns can’t be in one file.
 * @throws Problem if the file has different columns
 */
export const otava: Exporter = (results, { commit, earlier }) => {
  const figures = figuresOf(results);
  const time = timeOf(results);
  const head = csvText([['time', 'commit', ...figures.map(({ name }) => name)]]);
  const row = csvText([[time, commit, ...figures.map(({ value }) => value)]]);
  const others = rowsOf(earlier(HISTORY), head).filter((line) => !line.startsWith(`${time},`));
  const rows = [...others, row].sort((a, b) => (a < b ? -1 : 1));
  return [
    { name: HISTORY, text: [head, ...rows].join('') },
    { name: 'otava.yaml', text: stringify({ tests: { [results.name]: testOf(figures) } }, { lineWidth: 0 }) },
  ];
};

function testOf(figures: readonly Figure[]) {
  const metrics = figures.map(({ name, better }) => [
    name,
    { column: name, scale: 1, direction: better === 'higher' ? 1 : -1 },
  ]);
  return {
    type: 'csv',
    file: HISTORY,
    time_column: 'time',
    attributes: ['commit'],
    metrics: Object.fromEntries(metrics) as Record<string, object>,
  };
}

/** No field has a line break, so lines are rows. */
function rowsOf(earlier: string | undefined, head: string): string[] {
  if (earlier === undefined || earlier === '') return [];
  const [found = '', ...rows] = earlier
    .split(END)
    .slice(0, -1)
    .map((line) => `${line}${END}`);
  if (found === head) return rows;
  throw new Problem({
    code: 'VGB-EXPORT-COLUMNS',
    message: `${HISTORY} has different columns than this run`,
    expected: head.trimEnd().slice(0, 400),
    found: found.trimEnd().slice(0, 400),
    next: 'export to another directory: --out DIR. A run with more or fewer cells starts a new history',
  });
}

/** `2026-01-02 03:04:05 +0000` */
function timeOf({ started }: Results): string {
  return `${(started ?? '').slice(0, 19).replace('T', ' ')} +0000`;
}
