/**
 * Takes the pictures of docs/ from the sample's page, and draws that of docs/trend.md from its example: `npm
 * run screenshots`, after those were regenerated. Needs Chromium.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';
import { renderPng } from '../src/chart/render.ts';
import { trendCharts } from '../src/chart/trend.ts';
import { trendOf } from '../src/trend/trend.ts';
import { exampleHistory } from '../test/trend/example-history.ts';

const ROOT = join(import.meta.dirname, '..');
/** Part of the page, and the file in docs/. */
const PICTURES = { '#answer': 'answer.png', '#matrix': 'matrix.png' } as const;
/** For a cell: what fits into the window. */
const CELL = 'cell.png';

const example = trendOf(exampleHistory()).groups.flatMap((group) => trendCharts(group, 'trend'));
const stepped = example.find(({ title }) => title.startsWith('cached, mmul'));
if (stepped !== undefined) writeFileSync(join(ROOT, 'docs/trend.png'), renderPng(stepped));

const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
try {
  const page = await browser.newPage({ viewport: { width: 1200, height: 800 }, deviceScaleFactor: 1.5 });
  await page.goto(pathToFileURL(join(ROOT, 'reports/sample/index.html')).href);
  for (const [part, file] of Object.entries(PICTURES))
    await page.locator(part).screenshot({ path: join(ROOT, 'docs', file) });
  // The last workload's second mode: one that differs from its baseline.
  const row = page.getByRole('table', { name: 'Workloads by modes' }).getByRole('row').last();
  await row.getByRole('link').nth(1).click();
  await page.locator('#cell canvas[data-drawn]').first().waitFor();
  await page.screenshot({ path: join(ROOT, 'docs', CELL) });
} finally {
  await browser.close();
}
