import type { Results } from '../compare/results.ts';
import { performance } from '../compare/verdict.ts';
import { oneLine } from './hostile.ts';
import { labLine, method } from './wording.ts';

/** A booktabs table of the comparisons, for \input. */
export function tableTex(results: Results): string {
  const rows = results.comparisons.map((one) => {
    const { ratio, low, high } = performance(one.ratio, one.low, one.high, one.better);
    const interval = low === null || high === null ? '--' : `[${percent(low)}, ${percent(high)}]`;
    return `${[one.mode, one.workload, one.metric].map(tex).join(' & ')} & ${ratio === null ? '--' : percent(ratio)} & ${interval} & ${tex(one.verdict)} \\\\`;
  });
  return [
    '% \\usepackage{booktabs}',
    `% ${oneLine(method(results), 2000)}`,
    '\\begin{tabular}{lllrll}',
    '\\toprule',
    `mode & workload & metric & \\% of ${tex(results.baseline)} & ${Math.round(results.confidence * 100)}\\,\\% interval & verdict \\\\`,
    '\\midrule',
    ...rows,
    '\\bottomrule',
    ...labLine(results).map((line) => `\\multicolumn{6}{p{\\linewidth}}{\\footnotesize ${tex(line)}.} \\\\`),
    '\\end{tabular}',
    '',
  ].join('\n');
}

function percent(share: number): string {
  return (share * 100).toFixed(1);
}

const COMMANDS: Record<string, string> = {
  '\\': '\\textbackslash{}',
  '~': '\\textasciitilde{}',
  '^': '\\textasciicircum{}',
};

/** Text that TeX sets as itself. */
function tex(text: string): string {
  return oneLine(text).replace(/[\\~^&%$#_{}]/g, (character) => COMMANDS[character] ?? `\\${character}`);
}
