import { percentage } from '../chart/spec.ts';
import type { Comparison, Results } from '../compare/results.ts';
import { performance } from '../compare/verdict.ts';
import { intervalWords } from '../words/interval.ts';
import { type Html, html, table } from './html-text.ts';

/** Every interval several ways, and the p value with its adjustment: for whoever wants to look behind the verdict. */
export function intervalTable({ comparisons }: Results): Html {
  const rows = comparisons.flatMap((one) => {
    const { intervals } = one;
    if (intervals === null) return [];
    const { t, studentised = NONE, bootstrap, hodgesLehmann } = intervals;
    return [
      html`<tr>
        <td>${one.mode}</td>
        <td>${one.workload}</td>
        <td>${one.metric}</td>
        ${[t, studentised, bootstrap, hodgesLehmann].map(
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
      The interval in the tables above has the further ends of the first two. p: two-sided, of there being no
      difference at all; beside it, after Holm over all rows. No verdict rests on them.
    </p>
    ${table(
      [
        'Mode',
        'Workload',
        'Metric',
        't of logs',
        'Studentised bootstrap',
        'BCa bootstrap',
        'Hodges-Lehmann',
        'p',
        'p (Holm)',
      ],
      rows,
    )}
  </details>`;
}

/** Results of before there was one. */
const NONE = { low: null, high: null };

function interval(one: Comparison, ends: { low: number | null; high: number | null }): string {
  const { low, high } = performance(one.ratio, ends.low, ends.high, one.better);
  return intervalWords(low, high, percentage);
}

function probability(p: number | null): string {
  if (p === null) return '';
  return p < 0.001 ? '< 0.001' : p.toFixed(3);
}
