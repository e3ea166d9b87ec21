import { percentage } from '../chart/spec.ts';
import type { Results } from '../compare/results.ts';
import { type Html, html, table } from './html-text.ts';

/** Warnings about the figures, and how trials warm up. */
export function warnings({ warnings: all, warmth }: Results): Html {
  const told = warmth.filter(({ kind, coldStart }) => kind !== 'too short to tell' || coldStart !== null);
  const rows = told.map(
    ({ mode, workload, metric, kind, steadyFrom, coldStart }) =>
      html`<tr>
        <td>${mode}</td>
        <td>${workload}</td>
        <td>${metric}</td>
        <td>${kind}</td>
        <td class="number">${steadyFrom === null ? '' : steadyFrom + 1}</td>
        <td class="number">${coldStart === null ? '' : percentage(coldStart)}</td>
      </tr>`,
  );
  return html`${all.length === 0 ? '' : html`<h3>Warnings</h3>`}
  ${all.map(({ code, text }) => html`<p class="warn">${text} <small>[${code}]</small></p>`)}
  ${
    rows.length === 0
      ? ''
      : html`<details class="long">
          <summary>Warm-up behaviour of the trials</summary>
          <p class="lead">
            Based on change points of a typical trial. Cold start: the performance of a trial’s first warm-up
            run relative to its samples.
          </p>
          ${table(['Mode', 'Workload', 'Metric', 'Kind', 'Steady from run', 'Cold start'], rows)}
        </details>`
  }`;
}
