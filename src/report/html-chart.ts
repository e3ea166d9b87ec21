/** A chart on the page, with its figures as a table, too. */
import type { ChartSpec } from '../chart/spec.ts';
import { type Html, html, plainRow, table } from './html-text.ts';

/** CSS pixels. */
const TALL = 900;

export function chartFigure(chart: ChartSpec): Html {
  // Paper has room for what fits beside other things.
  return html`<figure class="${chart.height > TALL ? 'long' : ''}">
    <h3>${chart.title}</h3>
    <div class="canvas">
      <canvas
        id="chart-${chart.id}"
        height="${chart.height}"
        role="img"
        aria-label="${chart.title}. ${chart.caption}"
      ></canvas>
    </div>
    <figcaption>${chart.caption}</figcaption>
    <details>
      <summary>The same as a table</summary>
      ${table(chart.table.head, chart.table.rows.map(plainRow))}
    </details>
  </figure>`;
}
