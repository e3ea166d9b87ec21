/** Workloads by modes: each cell its ratio, tinted by its verdict. */
import { percentage } from '../chart/spec.ts';
import { baselineWord } from '../compare/baselines.ts';
import type { Comparison, Results } from '../compare/results.ts';
import { performance } from '../compare/verdict.ts';
import { intervalWords } from '../words/interval.ts';
import { type Html, html } from './html-text.ts';
import { SIGN } from './wording.ts';

/** The first metric of each workload; the others are folded under it. */
export function matrix(results: Results): Html {
  const rows = rowsOf(results);
  if (rows.length === 0) return html``;
  const firsts = rows.filter(({ first }) => first);
  const others = rows.filter(({ first }) => !first);
  return html`<section id="matrix" aria-labelledby="matrix-head">
    <h2 id="matrix-head">Workloads by modes</h2>
    <p class="lead">
      % of ${baselineWord(results)}’s performance, and its ${Math.round(results.confidence * 100)}% interval.
      ${KEY}
    </p>
    ${grid(firsts, results)}
    ${
      others.length === 0
        ? ''
        : html`<details>
            <summary>
              ${others.length} more ${others.length === 1 ? 'metric' : 'metrics'} of these workloads
            </summary>
            ${grid(others, results)}
          </details>`
    }
  </section>`;
}

const KEY = (['faster', 'slower', 'same', 'inconclusive'] as const)
  .map((verdict) => `${SIGN[verdict]} ${verdict}`)
  .join(', ')
  .concat('.');

interface Row {
  workload: string;
  metric: string;
  unit: string;
  first: boolean;
  /** By mode. */
  cells: Map<string, Comparison>;
}

function rowsOf({ comparisons }: Results): Row[] {
  const rows = new Map<string, Row>();
  const met = new Set<string>();
  for (const one of comparisons) {
    const { workload, metric, unit } = one;
    const key = JSON.stringify([workload, metric]);
    const row = rows.get(key) ?? { workload, metric, unit, first: !met.has(workload), cells: new Map() };
    met.add(workload);
    row.cells.set(one.mode, one);
    rows.set(key, row);
  }
  return [...rows.values()];
}

function grid(rows: readonly Row[], { specification }: Results): Html {
  const modes = Object.keys(specification.modes).filter((mode) => rows.some(({ cells }) => cells.has(mode)));
  return html`<div class="scroll">
    <table class="matrix">
      <thead>
        <tr>
          <th scope="col">Workload</th>
          ${modes.map((mode) => html`<th scope="col">${mode}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          ({ workload, metric, unit, cells }) =>
            html`<tr>
              <th scope="row">${workload}<small>${metric}, ${unit}</small></th>
              ${modes.map((mode) => matrixCell(cells.get(mode)))}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

function matrixCell(one: Comparison | undefined): Html {
  if (one === undefined) return html`<td></td>`;
  const { ratio, low, high } = performance(one.ratio, one.low, one.high, one.better);
  if (ratio === null) return html`<td class="inconclusive">no pair</td>`;
  const proved = one.attested ? '' : html`<small>not attested</small>`;
  return html`<td class="${one.verdict}">
    <span>${SIGN[one.verdict]} ${percentage(ratio)}</span
    ><small>${intervalWords(low, high, percentage, 'no interval')}</small>${proved}
  </td>`;
}
