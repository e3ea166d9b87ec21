import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { pathToFileURL } from 'node:url';
import { trendHtml } from '../../src/report/html-trend.ts';
import { checkOf } from '../../src/trend/check.ts';
import { trendOf } from '../../src/trend/trend.ts';
import { drawAll, launchChromium } from '../support/chromium.ts';
import { testFolder } from '../support/directory.ts';
import { exampleHistory } from '../trend/example-history.ts';

describe('the page of a trend, in Chromium', () => {
  const folder = testFolder();

  it('draws every chart under its own policy, asks for nothing, and fits 400 px', async () => {
    const file = join(folder, 'trend.html');
    const lines = exampleHistory();
    writeFileSync(file, trendHtml(trendOf(lines), checkOf(lines)));
    const browser = await launchChromium(folder);
    try {
      const page = await browser.newPage();
      const [complaints, requests] = [[] as string[], [] as string[]];
      page.on('console', (message) => complaints.push(message.text()));
      page.on('pageerror', (error) => complaints.push(error.message));
      page.on('request', (request) => requests.push(request.url()));
      await page.setViewportSize({ width: 400, height: 900 });
      await page.goto(pathToFileURL(file).href);
      await drawAll(page);
      assert.equal(await page.locator('canvas[data-drawn=yes]').count(), 4);
      assert.deepEqual(complaints, []);
      assert.deepEqual(
        requests.filter((url) => !url.startsWith('file:') && !url.startsWith('data:')),
        [],
      );
      assert.ok((await page.evaluate<number>('document.documentElement.scrollWidth')) <= 400);
    } finally {
      await browser.close();
    }
  });
});
