/** A real browser that prompts nobody, and whose own files go into a folder of the test's. */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { after, before } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Browser, type Page, chromium } from 'playwright-core';
import { testFolder } from './directory.ts';

const CHROMIUM = '/usr/bin/chromium';

/** @param home an existing folder: the user's own files are not touched. */
export function launchChromium(home: string): Promise<Browser> {
  assert.ok(existsSync(CHROMIUM), `no ${CHROMIUM}: apt-get install chromium`);
  const own = { HOME: home, XDG_CONFIG_HOME: home, XDG_CACHE_HOME: home };
  return chromium.launch({
    executablePath: CHROMIUM,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
    env: { ...process.env, ...own },
  });
}

/** A browser for the suite that calls this, started when its tests run, and the folder that is its home. */
export function testChromium(): { home: string; browser: () => Browser } {
  let browser: Browser | undefined;
  // It ends before its home is removed.
  after(async () => {
    await browser?.close();
  });
  const home = testFolder();
  before(async () => {
    browser = await launchChromium(home);
  });
  return {
    home,
    browser: () => {
      assert.ok(browser, 'a browser is there once the tests of its suite run');
      return browser;
    },
  };
}

/**
 * Waits until an expression holds in the page. It is evaluated repeatedly from outside: a page whose policy
 * forbids eval does not allow repeated evaluation from within, as waitForFunction does.
 */
export async function untilHolds(page: Page, expression: string, limitMs = 10_000): Promise<void> {
  const end = performance.now() + limitMs;
  while (!(await page.evaluate<boolean>(expression))) {
    if (performance.now() > end) throw new Error(`waited ${limitMs} ms in vain: ${expression}`);
    await sleep(20);
  }
}

/**
 * Scrolls each chart of the page into view, and waits until all are drawn: they are drawn as they come near.
 */
export async function drawAll(page: Page): Promise<void> {
  for (const canvas of await page.locator('canvas').filter({ visible: true }).all())
    await canvas.scrollIntoViewIfNeeded();
  await untilHolds(
    page,
    '[...document.querySelectorAll("canvas:not([data-drawn])")].every((one) => one.closest("[hidden]") !== null)',
  );
}
