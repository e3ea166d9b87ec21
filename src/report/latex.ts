import { baselineWord, hasSeveralBaselines } from '../compare/baselines.ts';
import type { Results } from '../compare/results.ts';
import { performance } from '../compare/verdict.ts';
import { crossingRows } from './crossings.ts';
import { oneLine } from '../words/printable.ts';
import { isolationMatrix } from './isolation.ts';
import { labLine, method } from './wording.ts';

/** Booktabs tables, for \input: the comparisons, and where there are any, isolation probes and crossings. */
export function tableTex(results: Results): string {
  const several = hasSeveralBaselines(results);
  const rows = results.comparisons.map((one) => {
    const { ratio, low, high } = performance(one.ratio, one.low, one.high, one.better);
    const interval = low === null || high === null ? '--' : `[${percent(low)}, ${percent(high)}]`;
    const names = [one.mode, ...(several ? [one.baseline] : []), one.workload, one.metric];
    return `${names.map(tex).join(' & ')} & ${ratio === null ? '--' : percent(ratio)} & ${interval} & ${tex(one.verdict)} \\\\`;
  });
  const matrix = isolationMatrix(results);
  return [
    '% \\usepackage{booktabs}',
    `% ${oneLine(method(results), 2000)}`,
    `\\begin{tabular}{${several ? 'l' : ''}lllrll}`,
    '\\toprule',
    `mode & ${several ? 'baseline & ' : ''}workload & metric & \\% of ${tex(baselineWord(results))} & ${Math.round(results.confidence * 100)}\\,\\% interval & verdict \\\\`,
    '\\midrule',
    ...rows,
    '\\bottomrule',
    ...labLine(results).map(
      (line) => `\\multicolumn{${several ? 7 : 6}}{p{\\linewidth}}{\\footnotesize ${tex(line)}.} \\\\`,
    ),
    '\\end{tabular}',
    ...furtherTable('l', { ...matrix, rows: matrix.rows.map((row) => row.map(withoutSign)) }),
    ...furtherTable('p{.45\\linewidth}', {
      head: ['mode', 'workload', 'per operation', 'crossings', 'by kind'],
      rows: crossingRows(results).map(({ mode, workload, perOperation, total, kinds, hypercalls }) => [
        ...[mode, workload, perOperation, total],
        hypercalls === '' ? kinds : `${kinds}; hypercalls: ${hypercalls}`,
      ]),
    }),
    '',
  ].join('\n');
}

/** TeX's usual fonts lack the signs; the words say the same. */
function withoutSign(text: string): string {
  return text.replace(/^[✓✗·?] /, '');
}

function furtherTable(last: string, { head, rows }: { head: string[]; rows: string[][] }): string[] {
  if (rows.length === 0) return [];
  const line = (texts: readonly string[]) => `${texts.map(tex).join(' & ')} \\\\`;
  return [
    '\\par\\medskip',
    `\\begin{tabular}{${'l'.repeat(head.length - 1)}${last}}`,
    '\\toprule',
    line(head),
    '\\midrule',
    ...rows.map(line),
    '\\bottomrule',
    '\\end{tabular}',
  ];
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

/** What pdfLaTeX stops at in its default encoding: all but ASCII, most of Latin-1, and common punctuation. */
const NOT_IN_TEX =
  /[^ -~\u00a0-\u00aa\u00ac-\u00ba\u00bc-\u00cf\u00d1-\u00dd\u00df-\u00ef\u00f1-\u00fd\u00ff–—‘’“”•…]/gu;

/** Text that TeX sets as itself. */
function tex(text: string): string {
  return oneLine(text)
    .replace(NOT_IN_TEX, (character) => `<U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase()}>`)
    .replace(/[\\~^&%$#_{}<>|]/g, (character) => COMMANDS[character] ?? `\\${character}`);
}
