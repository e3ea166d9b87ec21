/** Tables for a paper: workloads by modes, and the details behind them. */
import { baselineWord, hasSeveralBaselines } from '../compare/baselines.ts';
import type { Comparison, Results } from '../compare/results.ts';
import { performance } from '../compare/verdict.ts';
import { oneLine } from '../words/printable.ts';
import { crossingRows } from './crossings.ts';
import { isolationMatrix } from './isolation.ts';
import { matrixModes, matrixRows } from './matrix.ts';
import { labLine, method } from './wording.ts';

/**
 * Floats with caption and label, using booktabs: workloads by modes, and probes by modes if there are any.
 */
export function tableTex(results: Results): string {
  const isolation = isolationMatrix(results);
  return [
    '% \\usepackage{booktabs}',
    `% ${oneLine(method(results), 2000)}`,
    ...(results.comparisons.length === 0
      ? []
      : float(matrixCaption(results), label(results), matrixTable(results))),
    ...(isolation.rows.length === 0
      ? []
      : float(
          'Isolation: attempts at what a guest must not be able to do.',
          `${label(results)}-isolation`,
          tabular(
            isolation.head,
            isolation.rows.map((row) => row.map((text) => tex(withoutSign(text)))),
          ),
        )),
    '',
  ].join('\n');
}

/** Every comparison and all crossings as tables that continue over pages, using booktabs and longtable. */
export function longTableTex(results: Results): string {
  const several = hasSeveralBaselines(results);
  const rows = results.comparisons.map((one) => {
    const { ratio, low, high } = performance(one.ratio, one.low, one.high, one.better);
    const interval = low === null || high === null ? '--' : `[${percent(low)}, ${percent(high)}]`;
    const names = [one.mode, ...(several ? [one.baseline] : []), one.workload, one.metric];
    return [...names.map(tex), ratio === null ? '--' : percent(ratio), interval, tex(one.verdict)];
  });
  const head = [
    ...['mode', ...(several ? ['baseline'] : []), 'workload', 'metric'].map(tex),
    `\\% of ${tex(baselineWord(results))}`,
    `${Math.round(results.confidence * 100)}\\,\\% interval`,
    'verdict',
  ];
  const crossings = crossingRows(results).map(({ mode, workload, perOperation, total, kinds, hypercalls }) =>
    [
      mode,
      workload,
      perOperation,
      total,
      hypercalls === '' ? kinds : `${kinds}; hypercalls: ${hypercalls}`,
    ].map(tex),
  );
  return [
    '% \\usepackage{booktabs,longtable}',
    `% ${oneLine(method(results), 2000)}`,
    ...longtable(`${several ? 'l' : ''}lllrll`, head, rows),
    ...longtable(
      'llllp{.4\\linewidth}',
      ['mode', 'workload', 'per operation', 'crossings', 'by kind'],
      crossings,
    ),
    '',
  ].join('\n');
}

function matrixCaption(results: Results): string {
  const share = `${Math.round(results.confidence * 100)}\\,\\%`;
  const lab = labLine(results).map((line) => ` ${tex(line)}.`);
  return (
    `Performance relative to ${tex(baselineWord(results))} in \\%, with ${share} intervals; ` +
    `in parentheses: inconclusive at a margin of ${percent(results.margin)}\\,\\%.${lab.join('')}`
  );
}

/** Characters that `\\ref` accepts: letters, digits and hyphens of the experiment's name. */
function label({ name }: Results): string {
  return `tab:${name.replace(/[^A-Za-z0-9-]+/g, '-')}`;
}

function matrixTable(results: Results): string[] {
  const rows = matrixRows(results);
  const modes = matrixModes(rows, results);
  const several = rows.some(({ first }) => !first);
  return tabular(
    ['workload', ...(several ? ['metric'] : []), ...modes],
    rows.map(({ workload, metric, cells }) => [
      tex(workload),
      ...(several ? [tex(metric)] : []),
      ...modes.map((mode) => cellTex(cells.get(mode))),
    ]),
  );
}

function cellTex(one: Comparison | undefined): string {
  if (one === undefined) return '';
  const { ratio, low, high } = performance(one.ratio, one.low, one.high, one.better);
  if (ratio === null) return '--';
  const figure = one.verdict === 'inconclusive' ? `(${percent(ratio)})` : percent(ratio);
  return low === null || high === null
    ? figure
    : `${figure} {\\scriptsize [${percent(low)}, ${percent(high)}]}`;
}

/** @param rows already in TeX */
function tabular(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  return [
    `\\begin{tabular}{${'l'.repeat(head.length)}}`,
    '\\toprule',
    `${head.map(tex).join(' & ')} \\\\`,
    '\\midrule',
    ...rows.map((row) => `${row.join(' & ')} \\\\`),
    '\\bottomrule',
    '\\end{tabular}',
  ];
}

/** @param caption already in TeX */
function float(caption: string, name: string, table: readonly string[]): string[] {
  return [
    '\\begin{table}',
    '\\centering',
    `\\caption{${caption}}`,
    `\\label{${name}}`,
    ...table,
    '\\end{table}',
  ];
}

/** @param head, rows already in TeX */
function longtable(columns: string, head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  if (rows.length === 0) return [];
  return [
    `\\begin{longtable}{${columns}}`,
    '\\toprule',
    `${head.join(' & ')} \\\\`,
    '\\midrule',
    '\\endhead',
    ...rows.map((row) => `${row.join(' & ')} \\\\`),
    '\\bottomrule',
    '\\end{longtable}',
  ];
}

/** TeX's usual fonts lack the signs; the words say the same. */
function withoutSign(text: string): string {
  return text.replace(/^[✓✗·?] /, '');
}

function percent(share: number): string {
  return (share * 100).toFixed(1);
}

const COMMANDS: Record<string, string> = {
  '\\': '\\textbackslash{}',
  '~': '\\textasciitilde{}',
  '^': '\\textasciicircum{}',
  '<': '\\textless{}',
  '>': '\\textgreater{}',
  '|': '\\textbar{}',
};

/**
 * Characters that stop pdfLaTeX in its default encoding: all but ASCII, most of Latin-1, and common
 * punctuation.
 */
const NOT_IN_TEX =
  /[^ -~\u00a0-\u00aa\u00ac-\u00ba\u00bc-\u00cf\u00d1-\u00dd\u00df-\u00ef\u00f1-\u00fd\u00ff–—‘’“”•…]/gu;

/** Text that TeX typesets literally. */
function tex(text: string): string {
  return oneLine(text)
    .replace(NOT_IN_TEX, (character) => `<U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase()}>`)
    .replace(/[\\~^&%$#_{}<>|]/g, (character) => COMMANDS[character] ?? `\\${character}`);
}
