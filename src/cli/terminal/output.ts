import { isatty } from 'node:tty';
import { stripVTControlCharacters } from 'node:util';
import pc from 'picocolors';
import { type ProblemText, describeProblem } from '../../problem.ts';
import { jsonText, oneLine, printable } from '../../words/printable.ts';
import { asCalled } from './called.ts';
import { write } from './unwritten.ts';

/**
 * Colours for one stream: never if NO_COLOR is set; otherwise if FORCE_COLOR asks for them, or on a terminal.
 */
export function coloursFor(stream: { readonly fd: number }): ReturnType<typeof pc.createColors> {
  const { NO_COLOR = '', FORCE_COLOR = '0', TERM } = process.env;
  const wanted = FORCE_COLOR !== '0' || (isatty(stream.fd) && TERM !== 'dumb');
  return pc.createColors(NO_COLOR === '' && wanted);
}

export type Colours = ReturnType<typeof coloursFor>;

/** Prints the output that the command exists for. */
export function print(text: string): void {
  write(line(asCalled(text)), true);
}

/** On stderr. May contain a server's words: hostile text. */
export function tellProblem(problem: ProblemText): void {
  tell(`${coloursFor(process.stderr).red('error:')} ${printable(describeProblem(problem))}`);
}

export function printJson(value: unknown): void {
  write(line(json(value)), true);
}

/** Prints a note on what the command did elsewhere: if the note is lost, that still stands. */
export function mention(text: string): void {
  write(line(asCalled(text)), false);
}

export function mentionJson(value: unknown): void {
  write(line(json(value)), false);
}

export function tell(text: string): void {
  process.stderr.write(line(asCalled(text)));
}

/** On stderr, the bytes unchanged. */
export function tellJson(value: unknown): void {
  process.stderr.write(line(jsonText(value)));
}

function line(text: string): string {
  return text.endsWith('\n') ? text : `${text}\n`;
}

function json(value: unknown): string {
  return jsonText(value, 2);
}

/** Columns as wide as needed; those in `right` are right-aligned. */
export function columns(rows: readonly (readonly string[])[], right: readonly number[] = []): string {
  const widths = (rows[0] ?? []).map((_, index) =>
    rows.reduce((most, row) => Math.max(most, widthOf(row[index] ?? '')), 0),
  );
  return rows
    .map((row) =>
      row
        .map((text, index) => {
          const room = ' '.repeat(Math.max(0, (widths[index] ?? 0) - widthOf(text)));
          return right.includes(index) ? `${room}${text}` : `${text}${room}`;
        })
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** The width of a line on a terminal, without its colours. */
export function widthOf(line: string): number {
  return stripVTControlCharacters(line).length;
}

/** The width of stdout if it is a terminal, else the usual one. */
export function widthOfOutput(): number {
  return process.stdout.isTTY ? process.stdout.columns : 80;
}

/** `4.2 s`, `3 min 20 s`, `2 h 05 min`. */
export function span(ms: number): string {
  const s = ms / 1000;
  if (s < 10) return `${s.toFixed(1)} s`;
  if (s < 60) return `${Math.round(s)} s`;
  const minutes = Math.floor(Math.round(s) / 60);
  if (minutes < 60) return `${minutes} min ${String(Math.round(s) % 60).padStart(2, '0')} s`;
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')} min`;
}

export { oneLine };
