/**
 * Histories: files with a line per run, which are kept in git or among a CI's artifacts and outlive the runs'
 * directories.
 */
import { createHash } from 'node:crypto';
import { appendFileSync, existsSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { resultsOf } from '../compare/compare.ts';
import { readText } from '../experiment/read-text.ts';
import { Problem, messageOf } from '../problem.ts';
import { readRun } from '../record/read-run.ts';
import { FILES } from '../record/run-directory.ts';
import { HISTORY_FORMAT, type HistoryLine, historyLineSchema } from '../trend/line.ts';
import { lineOf } from '../trend/line-of.ts';
import { expectation, firstIssue } from '../words/expectation.ts';
import { jsonText } from '../words/printable.ts';
import { quote } from '../words/quote.ts';
import { requireStarted } from './started.ts';

const MOST_BYTES = 2 ** 28;

export interface HistoryAdded {
  line: HistoryLine;
  /** False if the file already has the run. */
  added: boolean;
  /** The number of runs in the file now. */
  runs: number;
}

/** Appends a run to a history, which is created if necessary. @throws Problem */
export function addToHistory(directory: string, file: string): HistoryAdded {
  const line = historyLine(directory);
  const before = existsSync(file) ? readText(file, MOST_BYTES) : '';
  const known = withoutDoubles(linesIn(before, file));
  const own = known.find(({ run }) => run === line.run);
  if (own !== undefined && own.ended >= line.ended) return { line, added: false, runs: known.length };
  const gap = before === '' || before.endsWith('\n') ? '' : '\n';
  try {
    mkdirSync(dirname(file), { recursive: true });
    appendFileSync(file, `${gap}${jsonText(line)}\n`);
  } catch (error) {
    throw new Problem({
      code: 'VGB-HISTORY-WRITE',
      message: `cannot write to ${file}`,
      expected: 'a path where a file can be written',
      found: messageOf(error),
      next: 'choose another (--to FILE), or make it writable',
      exitCode: 4,
    });
  }
  return { line, added: true, runs: known.length + (own === undefined ? 1 : 0) };
}

/**
 * The runs of a history; for a directory, those of every history and run directory in it. A run that occurs
 * more than once counts once, in its latest state.
 * @param reading called before each run directory is read, which may take long
 * @throws Problem
 */
export function readHistory(path: string, reading: (run: string) => void = () => undefined): HistoryLine[] {
  const lines = withoutDoubles(isDirectory(path) ? linesBelow(path, reading) : linesIn(readFile(path), path));
  if (lines.length > 0) return lines;
  throw new Problem({
    code: 'VGB-HISTORY-EMPTY',
    message: `there are no runs in ${path}`,
    expected: 'a history, or a directory of histories (*.jsonl) or of runs',
    found: 'none',
    next: `add a run to one: vgpubench history add RUN --to ${quote(isDirectory(path) ? join(path, 'history.jsonl') : path)}`,
  });
}

function historyLine(directory: string): HistoryLine {
  const { experiment, plan, record } = readRun(directory);
  const { token } = requireStarted(directory, record);
  return lineOf(resultsOf(experiment, plan, record), {
    run: digestOf(token),
    started: record.started ?? '',
    ended: record.newest ?? '',
    digest: digestOf,
  });
}

function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}

function linesBelow(folder: string, reading: (run: string) => void): HistoryLine[] {
  return readdirSync(folder, { withFileTypes: true })
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      if (entry.isFile() && entry.name.endsWith('.jsonl') && entry.name !== FILES.journal)
        return linesIn(readFile(path), path);
      if (!entry.isDirectory() || !existsSync(join(path, FILES.journal))) return [];
      reading(path);
      return [historyLine(path)];
    });
}

function isDirectory(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

function readFile(path: string): string {
  try {
    return readText(path, MOST_BYTES);
  } catch (error) {
    throw new Problem({
      code: 'VGB-HISTORY-READ',
      message: `cannot read ${path}`,
      expected: 'a history, as vgpubench history add wrote it, or a directory of histories or runs',
      found: messageOf(error),
      next: `create one: vgpubench history add RUN --to ${quote(path)}`,
    });
  }
}

/** Empty lines, which a merge may leave, are ignored. */
function linesIn(text: string, path: string): HistoryLine[] {
  return text
    .split('\n')
    .flatMap((line, index) => (line.trim() === '' ? [] : [parsed(line, `line ${index + 1} of ${path}`)]));
}

function parsed(line: string, place: string): HistoryLine {
  let found: string;
  try {
    const value: unknown = JSON.parse(line);
    const version = typeof value === 'object' && value !== null && 'v' in value ? value.v : undefined;
    if (typeof version === 'number' && version > HISTORY_FORMAT)
      throw new Problem({
        code: 'VGB-HISTORY-VERSION',
        message: `${place} was written by a newer vgpubench`,
        expected: `a line of format ${HISTORY_FORMAT}`,
        found: `format ${version}`,
        next: 'use that version or a newer one',
      });
    const result = historyLineSchema.safeParse(value, { error: expectation });
    if (result.success) return result.data;
    found = firstIssue(result.error);
  } catch (error) {
    if (error instanceof Problem) throw error;
    found = /^[<=>|]{7}( |$)/.test(line) ? 'a conflict marker of a merge' : messageOf(error);
  }
  throw new Problem({
    code: 'VGB-HISTORY-LINE',
    message: `${place} can’t be read`,
    expected: 'a run, as vgpubench history add wrote it',
    found,
    next: 'after a merge, keep the lines of both sides, in any order; otherwise remove that line, and add its run again',
  });
}

function withoutDoubles(lines: readonly HistoryLine[]): HistoryLine[] {
  const byRun = new Map<string, HistoryLine>();
  for (const line of lines) {
    const known = byRun.get(line.run);
    if (known === undefined || line.ended > known.ended) byRun.set(line.run, line);
  }
  return [...byRun.values()];
}
