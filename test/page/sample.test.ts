/** The sample's page, which is as large as a real one is. */
import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { samplePage } from '../report/sample-page.ts';
import { graveIn } from '../support/axe.ts';
import { testChromium } from '../support/chromium.ts';
import { pagesIn } from '../support/pdf.ts';

const MOST_BYTES = 700_000;
const MOST_PAGES = 10;

describe('the sample’s page', () => {
  const { home, browser } = testChromium();
  let sample: ReturnType<typeof samplePage>;

  before(() => {
    sample = samplePage(home);
  });

  it(`is of ${MOST_BYTES} bytes at most, all that it needs with it`, () => {
    assert.ok(sample.bytes <= MOST_BYTES, `${sample.bytes} bytes`);
  });

  it(`is of ${MOST_PAGES} pages at most on A4`, async () => {
    const page = await browser().newPage();
    await page.goto(sample.address);
    const pages = pagesIn(await page.pdf({ format: 'A4' }));
    assert.ok(pages > 0 && pages <= MOST_PAGES, `${pages} pages`);
    await page.close();
  });

  it('has nothing in it that axe-core finds serious, at 400 and 1400 px, light and dark', async () => {
    for (const width of [400, 1400])
      for (const colorScheme of ['light', 'dark'] as const) {
        const view = { viewport: { width, height: 800 }, colorScheme };
        assert.deepEqual(await graveIn(browser(), sample.address, view), [], JSON.stringify(view));
      }
  });

  it('opens any of its cells', async () => {
    const page = await browser().newPage();
    const complaints: string[] = [];
    page.on('console', (message) => complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(error.message));
    await page.goto(sample.address);
    const links = page.getByRole('table', { name: 'Workloads by modes' }).getByRole('link');
    const addresses = await links.evaluateAll((all) =>
      (all as unknown as { href: string }[]).map(({ href }) => href),
    );
    assert.ok(addresses.length > 10, `${addresses.length} cells`);
    const headings = new Set<string>();
    for (const address of addresses) {
      await page.goto(address);
      headings.add(await page.locator('#cell h2').innerText());
    }
    assert.equal(headings.size, addresses.length);
    assert.deepEqual(complaints, []);
    await page.close();
  });
});
