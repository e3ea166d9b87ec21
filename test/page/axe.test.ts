/** What axe-core finds on the page: nothing that keeps anybody from reading it. */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { AxeResults } from 'axe-core';
import type { Browser } from 'playwright-core';
import { madePage } from '../report/made-run.ts';
import { drawAll, launchChromium } from '../support/chromium.ts';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Where a reader may be. */
const PLACES = { 'the report': '', 'a cell': '#cell=plain/large/time' } as const;

describe('axe-core finds nothing serious', () => {
  const folder = mkdtempSync(join(tmpdir(), 'vgpubench-axe-'));
  let browser: Browser;
  let address: string;

  before(async () => {
    address = madePage(folder);
    browser = await launchChromium(folder);
  });
  after(async () => {
    await browser.close();
    rmSync(folder, { recursive: true, force: true });
  });

  for (const [place, hash] of Object.entries(PLACES))
    for (const width of [400, 1400])
      for (const colorScheme of ['light', 'dark'] as const)
        it(`in ${place}, at ${width} px and ${colorScheme}`, async () => {
          // The page's policy would keep axe-core out.
          const context = await browser.newContext({
            ...{ viewport: { width, height: 800 }, colorScheme, bypassCSP: true },
          });
          try {
            const page = await context.newPage();
            await page.goto(address + hash);
            await drawAll(page);
            await page.evaluate(AXE);
            const { violations, passes } = await page.evaluate<AxeResults>('axe.run()');
            assert.ok(passes.length > 10, `${passes.length} rules had something to look at`);
            const grave = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
            assert.deepEqual(
              grave.map(({ id, nodes }) => [id, nodes.slice(0, 3).map(({ html }) => html.slice(0, 200))]),
              [],
            );
          } finally {
            await context.close();
          }
        });
});
