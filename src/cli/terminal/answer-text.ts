import { figure, percentage } from '../../chart/spec.ts';
import { baselineIn, baselineWord, hasSeveralBaselines } from '../../compare/baselines.ts';
import type { Comparison, Results } from '../../compare/results.ts';
import { SIGN } from '../../report/wording.ts';
import { intervalWords } from '../../words/interval.ts';
import { type Colours, columns, oneLine, widthOf } from './output.ts';

const EIGHTHS = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];
const LONGEST_NAME = 24;
const BAR = { least: 8, most: 32 };
const ORDER = ['slower', 'faster', 'inconclusive', 'same'] as const;

/** A row for each mode: its bar, its figure over all that it ran, the interval, and its verdicts. None where nothing is compared. */
export function answerLines(results: Results, width: number, colours: Colours): string[] {
  const modes = [...new Set(results.comparisons.map(({ mode }) => mode))];
  if (modes.length === 0) return [];
  const told = modes.map((mode) => ({ mode, suite: results.suites.find((one) => one.mode === mode) }));
  const longest = Math.max(1, ...told.map(({ suite }) => suite?.ratio ?? 0));
  const several = hasSeveralBaselines(results);
  const rows = told.map(({ mode, suite }) => {
    const of = several ? ` of ${baselineIn(mode, results)}` : '';
    const interval =
      suite === undefined ? '' : intervalWords(suite.low, suite.high, percentage, 'no interval');
    return {
      name: oneLine(mode, LONGEST_NAME),
      share: (suite?.ratio ?? 0) / longest,
      figure: suite === undefined ? 'no figure' : `${percentage(suite.ratio)}${of}`,
      rest: [
        interval,
        verdictWords(
          results.comparisons.filter((one) => one.mode === mode),
          colours,
        ),
      ],
    };
  });
  const plain = columns(
    rows.map(({ name, figure: told, rest }) => [name, told, ...rest]),
    [1],
  );
  const beside = Math.max(...plain.split('\n').map(widthOf));
  const bar = Math.min(BAR.most, width - beside - 2);
  const table = columns(
    rows.map(({ name, share, figure: told, rest }) => [
      name,
      ...(bar < BAR.least ? [] : [colours.cyan(barOf(share, bar))]),
      ...[colours.bold(told), ...rest],
    ]),
    [bar < BAR.least ? 1 : 2],
  );
  return [colours.dim(scaleWords(results)), table];
}

/** What the rows are of, and how they were made. */
function scaleWords(results: Results): string {
  const cells = Math.max(...results.suites.map((one) => one.cells), 1);
  const of = `performance relative to ${baselineWord(results)}`;
  const over = cells > 1 ? `, geometric mean over ${cells} metrics` : '';
  return `${of}${over}; ${percentage(results.confidence).replace('.0%', '%')} intervals, margin ${figure(results.margin * 100)}%`;
}

function verdictWords(comparisons: readonly Comparison[], colours: Colours): string {
  return ORDER.flatMap((verdict) => {
    const count = comparisons.filter((one) => one.verdict === verdict).length;
    const words = comparisons.length === 1 ? verdict : `${count} ${verdict}`;
    return count === 0 ? [] : [coloured(verdict, `${SIGN[verdict]} ${words}`, colours)];
  }).join(', ');
}

/** A text about a verdict, in its colour; the sign in it tells the same without. */
export function coloured(verdict: Comparison['verdict'], text: string, colours: Colours): string {
  if (verdict === 'slower') return colours.red(text);
  if (verdict === 'faster') return colours.green(text);
  return verdict === 'same' ? colours.dim(text) : colours.yellow(text);
}

/** A bar of that share of the width, to an eighth of a character; what is not nothing is seen. */
function barOf(share: number, width: number): string {
  const eighths = Math.max(share > 0 ? 1 : 0, Math.round(share * width * 8));
  return `${'█'.repeat(Math.floor(eighths / 8))}${EIGHTHS[eighths % 8] ?? ''}`.padEnd(width);
}
