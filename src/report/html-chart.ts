/**
 * A chart of the whole run on the page, with its figures also as a table. The page's program draws the chart.
 */
import type { ChartSpec } from '../chart/spec.ts';
import { type Html, html, plainRow, table } from './html-text.ts';

/** CSS pixels. */
const TALL = 900;

/** @param tabled Whether its figures follow as a table; the page may show them elsewhere. */
export function chartFigure(chart: ChartSpec, tabled = true): Html {
  // Taller charts are not printed.
  return html`<figure class="${chart.height > TALL ? 'long' : ''}">
    <h3>${chart.title}</h3>
    <div data-chart="${chart.id}"></div>
    <figcaption>${chart.caption}</figcaption>
    ${
      tabled
        ? html`<details>
            <summary>The same as a table</summary>
            ${table(chart.table.head, chart.table.rows.map(plainRow))}
          </details>`
        : ''
    }
  </figure>`;
}
