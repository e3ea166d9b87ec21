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
 * Draws each spec of the page's JSON on the canvas of its id, once it comes near to view: `data-drawn` says that it is
 * done. Before printing, those that go on paper are drawn.
 */
export const DRAW_SCRIPT = `'use strict';
const configs = new Map(JSON.parse(document.getElementById('charts').textContent).map(({ id, config }) => ['chart-' + id, config]));
const charts = new Map();
// A style attribute would need 'unsafe-inline'; a script may set the style.
for (const canvas of document.querySelectorAll('canvas'))
  canvas.parentElement.style.height = canvas.getAttribute('height') + 'px';
function draw(canvas) {
  const config = configs.get(canvas.id);
  if (config === undefined || charts.has(canvas)) return;
  config.options = { ...config.options, locale: 'en-GB', responsive: true, maintainAspectRatio: false, animation: false };
  const legend = { labels: { usePointStyle: true, filter: ({ text }) => text !== '' } };
  config.options.plugins = { ...config.options.plugins, legend };
  charts.set(canvas, new Chart(canvas, config));
  canvas.dataset.drawn = 'yes';
}
const near = new IntersectionObserver((seen) => {
  for (const { target, isIntersecting } of seen) if (isIntersecting) { near.unobserve(target); draw(target); }
}, { rootMargin: '400px' });
for (const canvas of document.querySelectorAll('canvas')) near.observe(canvas);
addEventListener('beforeprint', () => {
  // Paper has nothing to click on, but for what does not go on it.
  for (const folded of document.querySelectorAll('details')) if (folded.closest('.long') === null && folded.closest('figure') === null) folded.open = true;
  for (const canvas of document.querySelectorAll('canvas')) if (canvas.closest('.long') === null) draw(canvas);
});
`;
