import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { Problem, messageOf } from '../problem.ts';
import { trendHtml } from '../report/html-trend.ts';
import { type Check, checkOf } from '../trend/check.ts';
import { type Trend, type TrendOptions, trendOf } from '../trend/trend.ts';
import { readHistory } from './history.ts';

export interface TrendRequest extends TrendOptions {
  /** Where a page of it is written, if anywhere. */
  page?: string | undefined;
  /** Told before each run directory is read, and before changes are looked for. */
  doing?: ((what: string) => void) | undefined;
}

/** How the cells of a history, or of a directory of histories or runs, have changed from run to run. @throws Problem */
export function trendIn(
  path: string,
  { page, doing = () => undefined, ...options }: TrendRequest = {},
): Trend {
  const lines = readHistory(path, (run) => {
    doing(`reading ${run}`);
  });
  doing(`looking for changes in ${lines.length} runs`);
  const trend = trendOf(lines, options);
  if (page !== undefined) writePage(page, trendHtml(trend));
  return trend;
}

/** Whether the newest run is slower than those before it lead to expect. @throws Problem */
export function checkNewest(
  path: string,
  { page, doing = () => undefined, ...options }: TrendRequest = {},
): Check {
  const lines = readHistory(path, (run) => {
    doing(`reading ${run}`);
  });
  doing(`comparing the newest of ${lines.length} runs`);
  const check = checkOf(lines, options);
  if (page !== undefined) writePage(page, trendHtml(trendOf(lines, options), check));
  return check;
}

function writePage(path: string, text: string): void {
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  } catch (error) {
    throw new Problem({
      code: 'VGB-TREND-PAGE',
      message: `cannot write the page ${path}`,
      expected: 'a file that can be written to, or made',
      found: messageOf(error),
      next: 'name another: --page FILE',
      exitCode: 4,
    });
  }
}
