/** Ten questions that a report has to answer, put to its page by a reader who has two clicks or keys for each. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, it } from 'node:test';
import type { Locator, Page } from 'playwright-core';
import { testChromium } from '../support/chromium.ts';
import { madePage } from './made-run.ts';

const QUESTIONS = readFileSync(join(import.meta.dirname, 'ten-questions.txt'), 'utf8')
  .trim()
  .split('\n');
const MOST_INTERACTIONS = 2;

/** Knows a page by its roles and by what can be seen of it. */
class Reader {
  readonly page: Page;
  interactions = 0;

  constructor(page: Page) {
    this.page = page;
  }

  async click(what: Locator): Promise<void> {
    this.interactions += 1;
    await what.click();
  }

  /** Goes to a section by the page's contents. */
  async goTo(section: string): Promise<void> {
    await this.click(
      this.page
        .getByRole('navigation', { name: 'Contents' })
        .getByRole('link', { name: section, exact: true }),
    );
    const heading = this.page.getByRole('heading', { name: section, exact: true });
    const { y = -1 } = (await heading.boundingBox()) ?? {};
    assert.ok(y >= 0 && y < 800, `${section} is in view, found it at ${y} px`);
  }

  async row(first: string, within: Page | Locator = this.page): Promise<string> {
    const rows = within
      .getByRole('row')
      .filter({ has: this.page.getByRole('rowheader', { name: first }) })
      .filter({ visible: true });
    return (await rows.first().innerText()).replace(/\s+/g, ' ');
  }

  answer(): Locator {
    return this.page.getByRole('region', { name: 'Answer' });
  }

  matrix(): Locator {
    return this.page.getByRole('table', { name: 'Workloads by modes' });
  }
}

const ANSWERS: Readonly<Record<string, (reader: Reader) => Promise<void>>> = {
  'Which mode is best?': async (reader) => {
    const shares = await Promise.all(
      ['plain', 'cached'].map(async (mode) => {
        const [, share] = /([\d.]+)%/.exec(await reader.row(mode, reader.answer())) ?? [];
        return { mode, share: Number(share) };
      }),
    );
    const best = shares.toSorted((a, b) => b.share - a.share)[0];
    assert.equal(best?.mode, 'cached');
    assert.ok(best.share > 60 && best.share < 70, `${best.share}%`);
  },
  'Is the cache worth it?': async (reader) => {
    const told = reader
      .answer()
      .getByRole('listitem')
      .filter({ hasText: /^cache:/ });
    assert.match(await told.innerText(), /cached is [\d.]+ times as fast as plain \([\d.]+ to [\d.]+\)/);
  },
  'Which workload suffers most?': async (reader) => {
    await reader.click(reader.matrix().getByRole('button', { name: 'plain' }));
    assert.match(await reader.matrix().getByRole('rowheader').first().innerText(), /^large/);
  },
  'Is anything unproven?': async (reader) => {
    assert.match(await reader.answer().innerText(), /1 attestation that did not hold/);
    assert.match(await reader.row('cached', reader.answer()), /✗ 11 of 12/);
    await reader.goTo('Block by block');
    assert.match(await reader.row('5'), /✗ 1 of 2/);
  },
  'What happened in block 3?': async (reader) => {
    await reader.goTo('Block by block');
    assert.match(await reader.row('3'), /b3\.plain\.large: failed.*CL_OUT_OF_RESOURCES/);
  },
  'Which trial failed, and why?': async (reader) => {
    await reader.goTo('Trials without a figure');
    const failed = reader.page.getByRole('row').filter({ hasText: 'b3.plain.large' }).first();
    assert.match(await failed.innerText(), /plain\s+large\s+failed\s+exited with 1: clCreateBuffer/);
  },
  'What is one cell in absolute units?': async (reader) => {
    const row = reader.matrix().getByRole('row').filter({ hasText: 'large' });
    await reader.click(row.getByRole('link').first());
    await reader.page.getByRole('heading', { name: 'large: time in plain' }).waitFor();
    const figures = reader.page.getByRole('heading', { name: 'In absolute units' });
    assert.ok(await figures.isVisible());
    assert.match(await reader.row('plain'), /plain 39\.\d ms|plain 40(?:\.\d)? ms/);
    assert.match(await reader.row('native'), /native (?:0\.99\d|1(?:\.0\d)?) ms/);
  },
  'What differs between the guests?': async (reader) => {
    await reader.goTo('Environment');
    const kernel = reader.page.getByRole('row').filter({ hasText: '6.1.0-pv' }).filter({ visible: true });
    assert.match(await kernel.first().innerText(), /kernel\s+6\.1\.0\s+6\.1\.0-pv\s+6\.1\.0-pv/);
  },
  'How is it run again?': async (reader) => {
    await reader.goTo('How to reproduce');
    assert.ok(
      await reader.page.getByText('vgpubench run experiment.yaml --seed 5', { exact: true }).isVisible(),
    );
  },
  'Did the gate pass?': async (reader) => {
    const gate = reader.page.getByRole('region', { name: 'Gate' });
    const { y = Infinity } = (await gate.boundingBox()) ?? {};
    assert.ok(y < 800, `the gate begins at ${y} px`);
    assert.match(await gate.innerText(), /incomplete|failed|passed/);
  },
};

describe('the page answers, in two interactions at most:', () => {
  const { home, browser } = testChromium();
  let address: string;

  before(() => {
    address = madePage(home);
  });

  it('ten questions, which are those that were written down before it', () => {
    assert.deepEqual(Object.keys(ANSWERS), QUESTIONS);
    assert.equal(QUESTIONS.length, 10);
  });

  for (const [question, ask] of Object.entries(ANSWERS))
    it(question, async () => {
      const page = await browser().newPage({ viewport: { width: 1280, height: 800 } });
      try {
        await page.goto(address);
        const reader = new Reader(page);
        await ask(reader);
        assert.ok(reader.interactions <= MOST_INTERACTIONS, `${reader.interactions} interactions`);
      } finally {
        await page.close();
      }
    });
});
