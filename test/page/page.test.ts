/** The page's program, in Chromium. */
import assert from 'node:assert/strict';
import { before, beforeEach, describe, it } from 'node:test';
import type { BrowserContext, Page } from 'playwright-core';
import { madePage } from '../report/made-run.ts';
import { drawAll, testChromium, untilHolds } from '../support/chromium.ts';

const CELL = '#cell=plain/large/time';

describe('the program of the page', () => {
  const { home, browser } = testChromium();
  let context: BrowserContext | undefined;
  let page: Page;
  let address: string;

  before(() => {
    address = madePage(home);
  });
  beforeEach(async () => {
    await context?.close();
    context = await browser().newContext({ viewport: { width: 1280, height: 800 } });
    page = await context.newPage();
    await page.goto(address);
  });

  const matrix = () => page.getByRole('table', { name: 'Workloads by modes' });
  const count = () => page.getByText(/cells shown$/);
  const choice = (name: string) => page.getByRole('combobox', { name });
  const heading = (name: string) => page.getByRole('heading', { name, exact: true });

  it('sorts by any column, and says so', async () => {
    const heads = matrix().getByRole('columnheader');
    assert.equal(await heads.count(), 3);
    for (let at = 0; at < 3; at++) {
      const head = heads.nth(at);
      for (const direction of ['ascending', 'descending', 'none']) {
        await head.getByRole('button').click();
        assert.equal(await head.getAttribute('aria-sort'), direction);
      }
    }
    await matrix().getByRole('button', { name: 'cached' }).click();
    assert.match(await matrix().getByRole('rowheader').first().innerText(), /^reused/);
  });

  it('filters by mode, workload, metric and verdict, and counts aloud what is left', async () => {
    assert.equal(await count().innerText(), '6 of 6 cells shown');
    assert.equal(await count().getAttribute('aria-live'), 'polite');
    await choice('Mode').selectOption('plain');
    assert.equal(await count().innerText(), '3 of 6 cells shown');
    await choice('Workload').selectOption('fresh');
    assert.equal(await count().innerText(), '1 of 6 cells shown');
    await choice('Verdict').selectOption('faster');
    assert.equal(await count().innerText(), '0 of 6 cells shown');
    await page.getByRole('button', { name: 'Reset' }).click();
    await choice('Metric').selectOption('time');
    assert.equal(await count().innerText(), '6 of 6 cells shown');
  });

  it('shows a cell’s interval when it is pointed at or focused, and not before', async () => {
    const link = matrix().getByRole('link').first();
    const opacity = () =>
      page.evaluate<string>('getComputedStyle(document.querySelector("table.matrix .interval")).opacity');
    assert.equal(await opacity(), '0');
    await link.hover();
    assert.equal(await opacity(), '1');
    await page.mouse.move(0, 0);
    assert.equal(await opacity(), '0');
    await link.focus();
    assert.equal(await opacity(), '1');
    assert.match(await link.innerText(), /%[\s\S]*% to [\d.]+%/);
  });

  it('is led by the keyboard alone: filters, opens a cell, and comes back to it', async () => {
    const focused = () => page.evaluate<string>('document.activeElement?.textContent ?? ""');
    const tabTo = async (what: RegExp) => {
      for (let presses = 0; presses < 60; presses++) {
        await page.keyboard.press('Tab');
        if (what.test(await focused())) return;
      }
      assert.fail(`no Tab leads to ${what}`);
    };
    await tabTo(/^all(?:plain|native)/);
    await page.keyboard.type('plain');
    assert.equal(await count().innerText(), '3 of 6 cells shown');
    await tabTo(/^▼ 2\.5/);
    await page.keyboard.press('Enter');
    await heading('large: time in plain').waitFor();
    assert.match(page.url(), /#cell=plain\/large\/time$/);
    assert.equal(await focused(), 'large: time in plain');
    await page.goBack();
    await untilHolds(page, '!document.getElementById("report").hidden');
    assert.match(await focused(), /^▼ 2\.5/);
    assert.equal(await count().innerText(), '3 of 6 cells shown');
    await page.goForward();
    await heading('large: time in plain').waitFor();
  });

  it('opens a cell by a pasted address, and the report by one that is of none', async () => {
    await page.goto('about:blank');
    await page.goto(address + CELL);
    await heading('large: time in plain').waitFor();
    assert.ok(await page.locator('#report').isHidden());
    await page.goto('about:blank');
    await page.goto(`${address}#cell=plain/gone/time`);
    assert.ok(await page.locator('#report').isVisible());
    assert.ok(await page.locator('#cell').isHidden());
  });

  it('goes from a cell to the next, and to any section of the report', async () => {
    await page.goto(address + CELL);
    await page.getByRole('link', { name: /^Previous: / }).click();
    await heading('reused: time in plain').waitFor();
    await page.evaluate('location.hash = "#again"');
    await untilHolds(page, '!document.getElementById("report").hidden');
    const { y = -1 } = (await heading('How to reproduce').boundingBox()) ?? {};
    assert.ok(y >= 0 && y < 800, `${y} px`);
  });

  it('has in a cell its blocks, distribution, series, crossings, intervals and trials', async () => {
    await page.goto(address + CELL);
    await heading('large: time in plain').waitFor();
    const ids = await page.locator('#cell canvas').evaluateAll((all) => all.map(({ id }) => id as string));
    assert.deepEqual(
      ids.map((id) => id.replace(/-\d+$/, '')),
      ['chart-paired', 'chart-distribution', 'chart-series', 'chart-crossings'],
    );
    const rows = async (name: string) =>
      (await page.locator(`h3:text-is("${name}") ~ div`).first().getByRole('row').allInnerTexts()).slice(1);
    const trials = await rows('Trials');
    assert.equal(trials.length, 6);
    assert.match(trials[0]!, /b1\.plain\.large\tcompleted\t[\d.]+ ms\t3\t00:00:00\t1\t✓ 2 of 2/);
    assert.match(trials[2]!, /b3\.plain\.large\tfailed: exited with 1/);
    assert.match(trials[5]!, /\t2\t✓ 2 of 2/);
    const methods = (await rows('The interval by several methods')).map((row) => row.split('\t')[0]);
    assert.deepEqual(methods, [
      ...['t of logs', 'Studentised bootstrap', 'BCa bootstrap', 'Hodges-Lehmann', 'p', 'p (Holm)'],
    ]);
  });

  it('draws charts as they come into view, and no sooner', async () => {
    const undrawn = () => page.locator('#report canvas:not([data-drawn])').count();
    assert.ok((await undrawn()) > 0, 'what is far below is not drawn yet');
    await drawAll(page);
    assert.equal(await undrawn(), 0);
  });

  it('has a switch to a linear axis where the axis is logarithmic', async () => {
    const figure = page.locator('figure').filter({ has: page.locator('#chart-relative') });
    const toggle = figure.getByLabel('logarithmic axis');
    await toggle.scrollIntoViewIfNeeded();
    const picture = async (drawn: 'yes' | 'linear') => {
      await untilHolds(page, `document.querySelector("#chart-relative[data-drawn=${drawn}]") !== null`);
      return page.locator('#chart-relative').evaluate((canvas) => (canvas as never as Drawn).toDataURL());
    };
    assert.ok(await toggle.isChecked());
    const logarithmic = await picture('yes');
    await toggle.press('Space');
    const linear = await picture('linear');
    assert.notEqual(linear, logarithmic);
    await toggle.press('Space');
    assert.equal(await picture('yes'), logarithmic);
  });
});

/** What the test asks of a canvas in the page. */
interface Drawn {
  toDataURL(): string;
}
