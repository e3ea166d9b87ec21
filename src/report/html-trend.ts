import type { ChartSpec } from '../chart/spec.ts';
import { trendCharts } from '../chart/trend.ts';
import type { Check } from '../trend/check.ts';
import type { Trend, TrendGroup } from '../trend/trend.ts';
import { chartFigure } from './html-chart.ts';
import { pageOf } from './html-page.ts';
import { onlyCharts } from './page-data.ts';
import { type Html, html, plainRow, table } from './html-text.ts';
import {
  CHECK_HEAD,
  TREND_HEAD,
  changeRow,
  checkRow,
  checkWords,
  cutLines,
  groupWords,
  restWords,
  trendOutcome,
} from './trend-text.ts';

/** A page that shows how cells have changed over runs: the changes, and a chart per cell. */
export function trendHtml(trend: Trend, check?: Check): string {
  const charts = trend.groups.map((group, index) => trendCharts(group, `trend-${index + 1}`));
  const body = html`<header>
      <h1>Trend</h1>
      <p class="${trend.outcome === 'slower' ? 'warn' : 'lead'}">${trendOutcome(trend)}</p>
      ${check === undefined ? '' : checkSection(check)}
    </header>
    <main id="report">
      ${trend.groups.map((group, index) => groupSection(group, charts[index] ?? [], index + 1))}
    </main>`;
  return pageOf('vgpubench: trend', body, onlyCharts(charts.flat()));
}

function groupSection(group: TrendGroup, charts: readonly ChartSpec[], place: number): Html {
  const rows = group.cells.flatMap((cell) =>
    cell.changes.map((change) => plainRow(changeRow(cell, change, group))),
  );
  const left = group.cells.length - charts.length;
  return html`<section aria-labelledby="group-${place}">
    <h2 id="group-${place}">${groupWords(group)}</h2>
    <p>${restWords(group)}.</p>
    ${cutLines(group).map((line) => html`<p class="lead">${line}</p>`)}
    ${rows.length === 0 ? html`<p>No change.</p>` : table(TREND_HEAD, rows)}
    ${charts.map((chart) => chartFigure(chart))}
    ${left === 0 ? '' : html`<p>${left} more cells have no chart.</p>`}
  </section>`;
}

function checkSection(check: Check): Html {
  return html`<section
    class="gate ${check.outcome === 'passed' ? '' : 'failed'}"
    aria-labelledby="check-head"
  >
    <h2 id="check-head">The newest run</h2>
    ${checkWords(check)
      .toReversed()
      .map((line) => html`<p>${line}</p>`)}
    ${table(
      CHECK_HEAD,
      check.cells.map((cell) => plainRow(checkRow(cell, check))),
    )}
  </section>`;
}
