import { percentage } from '../chart/spec.ts';
import type { Comparison, Results } from '../compare/results.ts';
import { performance } from '../compare/verdict.ts';
import { intervalWords } from '../words/interval.ts';
import { type Html, html, table } from './html-text.ts';
import { isStudentised } from './wording.ts';

/** Every interval several ways, and the p value with its adjustment: for whoever wants to look behind the verdict. */
export function intervalTable(results: Results): Html {
  const bootstrapped = isStudentised(results);
  const rows = results.comparisons.flatMap((one) => {
    const { intervals } = one;
    if (intervals === null) return [];
    const { t, studentised = NONE, bootstrap, hodgesLehmann } = intervals;
    return [
      html`<tr>
        <td>${one.mode}</td>
        <td>${one.workload}</td>
        <td>${one.metric}</td>
        ${[t, ...(bootstrapped ? [studentised] : []), bootstrap, hodgesLehmann].map(
          (ends) => html`<td class="number">${interval(one, ends)}</td>`,
        )}
        <td class="number">${probability(one.p)}</td>
        <td class="number">${probability(one.adjustedP)}</td>
      </tr>`,
    ];
  });
  if (rows.length === 0) return html``;
  return html`<details>
    <summary>The intervals several ways, and p values</summary>
    <p class="lead">
      The interval in the tables above ${shown(results)} p: two-sided, of there being no difference at all;
      beside it, after Holm over all rows. No verdict rests on them.
    </p>
    ${table(
      [
        'Mode',
        'Workload',
        'Metric',
        't of logs',
        ...(bootstrapped ? ['Studentised bootstrap'] : []),
        'BCa bootstrap',
        'Hodges-Lehmann',
        'p',
        'p (Holm)',
      ],
      rows,
    )}
  </details>`;
}

const NONE = { low: null, high: null };

/** What of them the interval of the comparison is. */
function shown(results: Results): string {
  if (!isStudentised(results)) return 'is the first.';
  const dependent = results.comparisons.some(({ effectiveBlocks }) => effectiveBlocks !== undefined);
  return `has the further ends of the first two${dependent ? ', wider where blocks that follow each other are alike' : ''}.`;
}

function interval(one: Comparison, ends: { low: number | null; high: number | null }): string {
  const { low, high } = performance(one.ratio, ends.low, ends.high, one.better);
  return intervalWords(low, high, percentage);
}

function probability(p: number | null): string {
  if (p === null) return '';
  return p < 0.001 ? '< 0.001' : p.toFixed(3);
}
