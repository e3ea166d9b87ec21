/** What the page is on paper: whole, and no more than it has to be. */
import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { madePage } from '../report/made-run.ts';
import { testChromium } from '../support/chromium.ts';
import { pagesIn, pdfText } from '../support/pdf.ts';

/** CSS pixels, less the margins that a printer has. */
const PAPER = { A4: { width: 794, height: 1123 }, Letter: { width: 816, height: 1056 } } as const;

describe('the page on paper', () => {
  const { home, browser } = testChromium();
  let page: Page;

  before(async () => {
    const address = madePage(home);
    page = await browser().newPage();
    await page.goto(address);
  });

  for (const [format, { width, height }] of Object.entries(PAPER))
    it(`is of four pages at most on ${format}, with the ends of each of its tables, and nothing cut`, async () => {
      const pdf = await page.pdf({ format });
      const text = await pdfText(pdf);
      assert.ok(pagesIn(pdf) <= 4, `${pagesIn(pdf)} pages`);
      await page.emulateMedia({ media: 'print' });
      await page.setViewportSize({ width, height });
      try {
        const ends = await page.evaluate<string[][]>(ENDS);
        assert.ok(ends.length >= 4, `${ends.length} tables`);
        for (const words of ends.flat())
          assert.ok(text.includes(words.replace(/\s+/g, ' ').trim()), `“${words}” in: ${text}`);
        const cut = await page.evaluate<string[]>(CUT);
        assert.deepEqual(cut, []);
      } finally {
        await page.emulateMedia({ media: null });
      }
    });

  it('has every chart of the suite on it, drawn', async () => {
    const text = await pdfText(await page.pdf({ format: 'A4' }));
    const titles = await page.evaluate<string[]>(
      '[...document.querySelectorAll("#report figure:not(.long) h3")].map((one) => one.textContent)',
    );
    assert.ok(titles.length >= 2, titles.join(', '));
    for (const title of titles) assert.ok(text.includes(title.replace(/\s+/g, ' ')), title);
    const undrawn =
      '[...document.querySelectorAll("#report figure:not(.long) canvas:not([data-drawn])")].length';
    assert.equal(await page.evaluate<number>(undrawn), 0);
  });
});

/** Of each table that goes on paper, the words of its first and last field. */
const ENDS = `[...document.querySelectorAll('#report table, .gate table')]
  .filter((one) => one.checkVisibility())
  .map((one) => [...one.querySelectorAll('th, td')].filter((field) => field.checkVisibility() && field.innerText.trim() !== ''))
  .filter((fields) => fields.length > 0)
  .map((fields) => [fields.at(0), fields.at(-1)].map((field) => field.innerText.trim().split('\\n')[0]))`;

/** What reaches beyond the paper's edge, or is higher than a sheet. */
const CUT = `[...document.querySelectorAll('canvas, table, p, pre, li')]
  .filter((one) => one.checkVisibility())
  .filter((one) => one.getBoundingClientRect().right > innerWidth || (one.matches('canvas') && one.getBoundingClientRect().height > innerHeight))
  .map((one) => one.outerHTML.slice(0, 200))`;
