import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { Problem, messageOf } from '../problem.ts';
import { trendHtml } from '../report/html-trend.ts';
import { type Check, checkOf } from '../trend/check.ts';
import { type Trend, type TrendOptions, trendOf } from '../trend/trend.ts';
import { readHistory } from './history.ts';

export interface TrendRequest extends Omit<TrendOptions, 'seen'> {
  /** The file for a page of it, if wanted. */
  page?: string | undefined;
  /** Called repeatedly with what is being done. */
  doing?: ((what: string) => void) | undefined;
}

/**
 * How the cells of a history, or of a directory of histories or runs, have changed from run to run. @throws
 * Problem
 */
export function trendIn(path: string, { page, doing, ...options }: TrendRequest = {}): Trend {
  const trend = trendOf(linesOf(path, doing), { ...options, seen: seenBy(doing) });
  if (page !== undefined) writePage(page, trendHtml(trend));
  return trend;
}

/** Whether the newest run is slower than earlier runs predict. @throws Problem */
export function checkNewest(path: string, { page, doing, ...options }: TrendRequest = {}): Check {
  const lines = linesOf(path, doing);
  const searching = { ...options, seen: seenBy(doing) };
  const check = checkOf(lines, searching);
  if (page !== undefined) writePage(page, trendHtml(trendOf(lines, searching), check));
  return check;
}

function linesOf(path: string, doing: TrendRequest['doing']) {
  return readHistory(path, (run) => doing?.(`reading ${run}`));
}

function seenBy(doing: TrendRequest['doing']): TrendOptions['seen'] {
  return (done, of) => doing?.(`looked for changes in ${done} of ${of} series`);
}

function writePage(path: string, text: string): void {
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  } catch (error) {
    throw new Problem({
      code: 'VGB-TREND-PAGE',
      message: `cannot write the page ${path}`,
      expected: 'a path where a file can be written',
      found: messageOf(error),
      next: 'choose another: --page FILE',
      exitCode: 4,
    });
  }
}
