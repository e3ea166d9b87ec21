import { figure, percentage } from '../../chart/spec.ts';
import { baselineWord, hasSeveralBaselines } from '../../compare/baselines.ts';
import type { Comparison, Results } from '../../compare/results.ts';
import { answerRows } from '../../report/answer.ts';
import { SIGN } from '../../report/wording.ts';
import { intervalWords } from '../../words/interval.ts';
import { type Colours, columns, oneLine, widthOf } from './output.ts';

const EIGHTHS = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];
const LONGEST_NAME = 24;
const BAR = { least: 6, most: 32 };
const ORDER = ['slower', 'faster', 'inconclusive', 'same'] as const;

/**
 * A row per mode: its bar, its figure over everything it ran, the interval, and its verdicts. Empty if
 * nothing is compared.
 */
export function answerLines(results: Results, width: number, colours: Colours): string[] {
  const answers = answerRows(results);
  if (answers.length === 0) return [];
  const several = hasSeveralBaselines(results);
  const longest = Math.max(1, ...answers.map(({ measured }) => measured?.value ?? 0));
  // Where space is short, verdicts go before bars: their signs show them, too.
  const forms = [verdictWords, verdictSigns].map((verdicts) =>
    answers.map(({ mode, baseline, measured }) => {
      const of = several ? ` of ${baseline}` : '';
      return [
        oneLine(mode, Math.min(LONGEST_NAME, Math.floor(width / 4))),
        colours.bold(measured === undefined ? 'no figure' : `${percentage(measured.value)}${of}`),
        measured === undefined ? '' : intervalWords(measured.low, measured.high, percentage, 'no interval'),
        verdicts(
          results.comparisons.filter((one) => one.mode === mode),
          colours,
        ),
      ];
    }),
  );
  const roomBeside = (rows: readonly (readonly string[])[]) =>
    width - 2 - Math.max(...columns(rows).split('\n').map(widthOf));
  const scale = colours.dim(oneLine(scaleWords(results), width));
  const barred = forms.find((rows) => roomBeside(rows) >= BAR.least);
  if (barred === undefined) return [scale, columns(forms.at(-1) ?? [], [1])];
  const bar = Math.min(BAR.most, roomBeside(barred));
  const rows = barred.map(([name = '', ...rest], at) => {
    const share = (answers[at]?.measured?.value ?? 0) / longest;
    return [name, colours.cyan(barOf(share, bar)), ...rest];
  });
  return [scale, columns(rows, [2])];
}

/** What the rows are relative to, and how they were computed. */
function scaleWords(results: Results): string {
  const cells = Math.max(...results.suites.map((one) => one.cells), 1);
  const how = [
    ...(cells > 1 ? [`geometric mean of ${cells} metrics`] : []),
    `${percentage(results.confidence).replace('.0%', '%')} intervals`,
    `margin ${figure(results.margin * 100)}%`,
  ];
  return `relative to ${baselineWord(results)} (${how.join(', ')})`;
}

function verdictWords(comparisons: readonly Comparison[], colours: Colours): string {
  return told(comparisons, colours, (verdict, count) =>
    comparisons.length === 1 ? verdict : `${count} ${verdict}`,
  );
}

function verdictSigns(comparisons: readonly Comparison[], colours: Colours): string {
  return told(comparisons, colours, (_, count) => String(count));
}

function told(
  comparisons: readonly Comparison[],
  colours: Colours,
  words: (verdict: Comparison['verdict'], count: number) => string,
): string {
  return ORDER.flatMap((verdict) => {
    const count = comparisons.filter((one) => one.verdict === verdict).length;
    return count === 0 ? [] : [coloured(verdict, `${SIGN[verdict]} ${words(verdict, count)}`, colours)];
  }).join(', ');
}

/** A text about a verdict, in its colour; the sign in it shows the verdict without colour, too. */
export function coloured(verdict: Comparison['verdict'], text: string, colours: Colours): string {
  if (verdict === 'slower') return colours.red(text);
  if (verdict === 'faster') return colours.green(text);
  return verdict === 'same' ? colours.dim(text) : colours.yellow(text);
}

/** A bar of that share of the width, to an eighth of a character; anything above nothing is visible. */
function barOf(share: number, width: number): string {
  const eighths = Math.max(share > 0 ? 1 : 0, Math.round(share * width * 8));
  return `${'█'.repeat(Math.floor(eighths / 8))}${EIGHTHS[eighths % 8] ?? ''}`.padEnd(width);
}
