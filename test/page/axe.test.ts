/** What axe-core finds on the page: nothing that keeps anybody from reading it. */
import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { madePage } from '../report/made-run.ts';
import { graveIn } from '../support/axe.ts';
import { testChromium } from '../support/chromium.ts';

/** Where a reader may be. */
const PLACES = { 'the report': '', 'a cell': '#cell=plain/large/time' } as const;

describe('axe-core finds nothing serious', () => {
  const { home, browser } = testChromium();
  let address: string;

  before(() => {
    address = madePage(home);
  });

  for (const [place, hash] of Object.entries(PLACES))
    for (const width of [400, 1400])
      for (const colorScheme of ['light', 'dark'] as const)
        it(`in ${place}, at ${width} px and ${colorScheme}`, async () => {
          const view = { viewport: { width, height: 800 }, colorScheme };
          assert.deepEqual(await graveIn(browser(), address + hash, view), []);
        });
});
