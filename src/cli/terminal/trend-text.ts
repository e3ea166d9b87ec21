import {
  CHECK_HEAD,
  TREND_HEAD,
  changeRow,
  checkRow,
  checkWords,
  cutLines,
  groupWords,
  restWords,
  trendOutcome,
} from '../../report/trend-text.ts';
import type { Check } from '../../trend/check.ts';
import type { Trend } from '../../trend/trend.ts';
import { coloured } from './answer-text.ts';
import { COLOUR_OF } from './gate-text.ts';
import { type Colours, columns } from './output.ts';

/** The changes of each group, the cuts in its series, and the outcome. */
export function trendText(trend: Trend, colours: Colours): string {
  const groups = trend.groups.map((group) => {
    const rows = group.cells.flatMap((cell) =>
      cell.changes.map((change) =>
        changeRow(cell, change, group).map((text, at) =>
          at === 3 ? coloured(change.verdict, text, colours) : text,
        ),
      ),
    );
    return [
      colours.bold(groupWords(group)),
      ...cutLines(group),
      ...(rows.length === 0 ? ['no change'] : [columns([TREND_HEAD, ...rows], [4, 5])]),
      restWords(group),
      '',
    ].join('\n');
  });
  return [...groups, COLOUR_OF[trend.outcome](colours)(trendOutcome(trend))].join('\n');
}

/** The cells of the newest run, and the outcome. */
export function checkText(check: Check, colours: Colours): string {
  const rows = check.cells.map((cell) =>
    checkRow(cell, check).map((text, at) => (at === 8 ? coloured(cell.verdict, text, colours) : text)),
  );
  const words = checkWords(check);
  return [
    ...(rows.length === 0 ? [] : [columns([CHECK_HEAD, ...rows], [3, 4, 5, 6, 9]), '']),
    ...words.slice(0, -1).map((line) => (line.startsWith('warning: ') ? colours.yellow(line) : line)),
    ...words.slice(-1).map((line) => COLOUR_OF[check.outcome](colours)(line)),
  ].join('\n');
}
