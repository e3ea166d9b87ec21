/** Workloads by modes: each cell is a ratio, tinted by its verdict. */
import { baselineWord } from '../compare/baselines.ts';
import type { Comparison, Results } from '../compare/results.ts';
import { type Html, html } from './html-text.ts';
import { cellWords, matrixModes, matrixRows, type MatrixRow } from './matrix.ts';
import { SIGN } from './wording.ts';

/**
 * The first metric of each workload; the others are folded below. The page's program replaces this table with
 * its own.
 */
export function matrix(results: Results): Html {
  const rows = matrixRows(results);
  if (rows.length === 0) return html``;
  const firsts = rows.filter(({ first }) => first);
  const others = rows.filter(({ first }) => !first);
  return html`<section id="matrix" aria-labelledby="matrix-head">
    <h2 id="matrix-head">Workloads by modes</h2>
    <p class="lead">
      % of ${baselineWord(results)}’s performance, and its ${Math.round(results.confidence * 100)}% interval.
      ${KEY}
    </p>
    <div id="matrix-cells">
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
    </div>
  </section>`;
}

const KEY = (['faster', 'slower', 'same', 'inconclusive'] as const)
  .map((verdict) => `${SIGN[verdict]} ${verdict}`)
  .join(', ')
  .concat('.');

function grid(rows: readonly MatrixRow[], results: Results): Html {
  const modes = matrixModes(rows, results);
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
  const words = cellWords(one);
  if (words === undefined) return html`<td class="inconclusive">no pair</td>`;
  const proved = one.attested ? '' : html`<small>not attested</small>`;
  return html`<td class="${one.verdict}">
    <span>${words.ratio}</span><small>${words.interval}</small>${proved}
  </td>`;
}
