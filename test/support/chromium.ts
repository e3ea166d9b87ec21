/** A real browser that asks nobody for anything, and whose own files go with a folder of the test's. */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { after, before } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Browser, type Page, chromium } from 'playwright-core';
import { testFolder } from './directory.ts';

const CHROMIUM = '/usr/bin/chromium';

/** @param home an existing folder: what is the user's own is not touched. */
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

/** A browser for the suite that this is called in, once its tests run, and the folder that is its home. */
export function testChromium(): { home: string; browser: () => Browser } {
  let browser: Browser | undefined;
  // It ends before its home is gone.
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
 * Waits until an expression holds in the page. It is asked for anew from outside: a page whose policy allows no eval lets none
 * be asked for again and again from within, as waitForFunction does.
 */
export async function untilHolds(page: Page, expression: string, limitMs = 10_000): Promise<void> {
  const end = performance.now() + limitMs;
  while (!(await page.evaluate<boolean>(expression))) {
    if (performance.now() > end) throw new Error(`waited ${limitMs} ms in vain: ${expression}`);
    await sleep(20);
  }
}

/** Brings each chart that the page shows into view, and waits until all are drawn: they are as they come near. */
export async function drawAll(page: Page): Promise<void> {
  for (const canvas of await page.locator('canvas').filter({ visible: true }).all())
    await canvas.scrollIntoViewIfNeeded();
  await untilHolds(
    page,
    '[...document.querySelectorAll("canvas:not([data-drawn])")].every((one) => one.closest("[hidden]") !== null)',
  );
}
