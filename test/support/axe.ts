/** Runs axe-core on a page in Chromium. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import type { Browser } from 'playwright-core';
import { drawAll } from './chromium.ts';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

export interface View {
  viewport: { width: number; height: number };
  colorScheme: 'light' | 'dark';
}

/** Serious and critical findings on the page of an address: the rule, and a few of the elements. */
export async function graveIn(browser: Browser, address: string, view: View): Promise<[string, string[]][]> {
  // The page's policy would block axe-core.
  const context = await browser.newContext({ ...view, bypassCSP: true });
  try {
    const page = await context.newPage();
    await page.goto(address);
    await drawAll(page);
    await page.evaluate(AXE);
    const { violations, passes } = await page.evaluate<AxeResults>('axe.run()');
    assert.ok(passes.length > 10, `${passes.length} rules had something to look at`);
    return violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(({ id, nodes }) => [id, nodes.slice(0, 3).map(({ html }) => html.slice(0, 200))]);
  } finally {
    await context.close();
  }
}
