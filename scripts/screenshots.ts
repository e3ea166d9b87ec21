/** Takes the README's pictures from the sample's page: `npm run screenshots`, once that was made anew. Needs Chromium. */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';

const ROOT = join(import.meta.dirname, '..');
/** Of the page, and the file in docs/. */
const PICTURES = { '#answer': 'answer.png', '#matrix': 'matrix.png' } as const;

const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
try {
  const page = await browser.newPage({ viewport: { width: 1200, height: 800 }, deviceScaleFactor: 1.5 });
  await page.goto(pathToFileURL(join(ROOT, 'reports/sample/index.html')).href);
  for (const [part, file] of Object.entries(PICTURES))
    await page.locator(part).screenshot({ path: join(ROOT, 'docs', file) });
} finally {
  await browser.close();
}
