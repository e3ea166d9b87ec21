import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

/** Chart.js and its plugins as they were published, to be put into the page: it loads nothing. */
export function librarySources(): string[] {
  const require = createRequire(import.meta.url);
  const beside = (name: string, file: string) =>
    readFileSync(new URL(file, `file://${require.resolve(name)}`), 'utf8');
  return [
    beside('chart.js', 'chart.umd.min.js'),
    beside('chartjs-chart-error-bars', 'index.umd.min.js'),
    beside('@sgratzl/chartjs-chart-boxplot', 'index.umd.min.js'),
    beside('chartjs-plugin-annotation', 'chartjs-plugin-annotation.min.js'),
  ].map((source) => source.replace(/^\/\/# sourceMappingURL=.*$/m, ''));
}

/**
 * Draws each spec of the page's JSON on the canvas of its id. `data-drawn` says that it is done; before
 * printing, charts take the width of the paper.
 */
export const DRAW_SCRIPT = `'use strict';
const charts = JSON.parse(document.getElementById('charts').textContent).map(({ id, config }) => {
  const canvas = document.getElementById('chart-' + id);
  // A style attribute would need 'unsafe-inline'; a script may set the style.
  canvas.parentElement.style.height = canvas.getAttribute('height') + 'px';
  config.options = { ...config.options, responsive: true, maintainAspectRatio: false, animation: false };
  const legend = { labels: { usePointStyle: true, filter: ({ text }) => text !== '' } };
  config.options.plugins = { ...config.options.plugins, legend };
  const chart = new Chart(canvas, config);
  canvas.dataset.drawn = 'yes';
  return chart;
});
addEventListener('beforeprint', () => {
  // Paper has nothing to click on.
  for (const folded of document.querySelectorAll('details')) folded.open = true;
  for (const chart of charts) chart.resize();
});
addEventListener('afterprint', () => { for (const chart of charts) chart.resize(); });
`;
