import type { Results } from '../compare/results.ts';
import { printable } from '../words/printable.ts';

/** Every sample of every completed trial, a line each (RFC 4180). A last column, `lab`, says `yes` if it is the lab's. */
export function samplesCsv(results: Results): string {
  const lab = results.versions['lab'] === undefined ? [] : ['yes'];
  const head = [
    ...['mode', 'workload', 'metric', 'unit', 'better', 'block', 'trial', 'index', 'guest', 'value'],
    ...lab.map(() => 'lab'),
  ];
  const rows = results.cells.flatMap(({ mode, workload, metric, unit, better, trials }) =>
    trials.flatMap(({ block, trial, values, guests }) => {
      const row = (guest: string) => (value: number, index: number) => [
        mode,
        workload,
        metric,
        unit,
        better,
        block,
        trial,
        index,
        guest,
        value,
        ...lab,
      ];
      return [
        ...values.map(row('')),
        ...Object.entries(guests).flatMap(([guest, own]) => own.map(row(guest))),
      ];
    }),
  );
  return csvText([head, ...rows]);
}

/** Rows as lines of text in which no field is a formula to a spreadsheet. */
export function csvText(rows: readonly (readonly (string | number)[])[]): string {
  return rows.map((row) => `${row.map(field).join(',')}\r\n`).join('');
}

/** A leading =, +, - or @ would be a formula in a spreadsheet: such texts get a quote in front. */
function field(value: string | number): string {
  if (typeof value === 'number') return String(value);
  const safe = printable(value).replace(/^[=+\-@\t]/, "'$&");
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
