/** What axe-core finds on the page: nothing that keeps anybody from reading it. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { Browser } from 'playwright-core';
import { madePage } from '../report/made-run.ts';
import { graveIn } from '../support/axe.ts';
import { launchChromium } from '../support/chromium.ts';

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
          const view = { viewport: { width, height: 800 }, colorScheme };
          assert.deepEqual(await graveIn(browser, address + hash, view), []);
        });
});
