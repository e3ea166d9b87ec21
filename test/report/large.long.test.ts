import assert from 'node:assert/strict';
import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { pathToFileURL } from 'node:url';
import { chartsOf } from '../../src/chart/charts.ts';
import { reportHtml } from '../../src/report/html.ts';
import { type SimulatedRun, simulatedRun } from '../compare/simulated-run.ts';
import { launchChromium, untilHolds } from '../support/chromium.ts';
import { testFolder } from '../support/directory.ts';

const scratch = testFolder();

const workloads = ['a', 'b', 'c', 'd', 'e']
  .map(
    (name) =>
      `  - { use: command, name: ${name}, run: ./${name}, metric: { name: time, field: t, unit: ms, better: lower } }`,
  )
  .join('\n');

/** 100,000 samples over ten cells. */
const DESIGNS = {
  'long trials': '{ blocks: 10, samples: 1000, warmup: 0 }',
  'many blocks': '{ blocks: 1000, samples: 10, warmup: 0 }',
};

/** Charts are drawn as they come near to view. */
const IN_VIEW_DRAWN = `[...document.querySelectorAll('canvas')].every(
  (c) => c.dataset.drawn === 'yes' || c.getBoundingClientRect().top > innerHeight,
)`;

/** How often a page is opened; the quickest counts, since what disturbs only adds. */
const OPENINGS = 3;

/** As long as this many pages of one cell and twenty samples take to open. */
const MOST_PAGES = 10;

describe('the report of 100,000 samples', () => {
  for (const [name, design] of Object.entries(DESIGNS)) {
    it(`is under 5 MB and open in Chromium in the time of ${MOST_PAGES} small ones: ${name}`, async (t) => {
      const large = simulatedRun({ workloads, design });
      const samples = large.results.cells.flatMap(({ trials }) => trials.flatMap(({ values }) => values));
      assert.equal(samples.length, 100_000);
      const files = { small: pageOf('small', simulatedRun()), large: pageOf('large', large) };
      const { size } = statSync(files.large);
      assert.ok(size < 5e6, `${size} bytes`);
      const browser = await launchChromium(scratch);
      const took = { small: Infinity, large: Infinity };
      const openingMs = async (file: string): Promise<number> => {
        const tab = await browser.newPage();
        const began = performance.now();
        await tab.goto(pathToFileURL(file).href);
        await untilHolds(tab, IN_VIEW_DRAWN);
        const ms = performance.now() - began;
        await tab.close();
        return ms;
      };
      try {
        for (let opening = 0; opening < OPENINGS; opening++)
          for (const which of ['small', 'large'] as const)
            took[which] = Math.min(took[which], await openingMs(files[which]));
      } finally {
        await browser.close();
      }
      const ratio = took.large / took.small;
      t.diagnostic(
        `${(size / 1e6).toFixed(2)} MB, open in ${Math.round(took.large)} ms: ${ratio.toFixed(1)} small ones`,
      );
      assert.ok(ratio < MOST_PAGES, `${ratio} times as long as a small page`);
    });
  }
});

function pageOf(name: string, { results, source }: SimulatedRun): string {
  const file = join(scratch, `${name}.html`);
  writeFileSync(file, reportHtml({ results, charts: chartsOf(results), experiment: source }));
  return file;
}
