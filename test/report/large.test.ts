import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { pathToFileURL } from 'node:url';
import { chartsOf } from '../../src/chart/charts.ts';
import { reportHtml } from '../../src/report/html.ts';
import { simulatedRun } from '../compare/simulated-run.ts';
import { launchChromium } from '../support/chromium.ts';
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

describe('the report of 100,000 samples', () => {
  for (const [name, design] of Object.entries(DESIGNS)) {
    it(`is under 5 MB and open in Chromium in under 3 s: ${name}`, async (t) => {
      const { results, source } = simulatedRun({ workloads, design });
      const samples = results.cells.flatMap(({ trials }) => trials.flatMap(({ values }) => values));
      assert.equal(samples.length, 100_000);
      const page = reportHtml({ results, charts: chartsOf(results), experiment: source });
      const file = join(scratch, 'index.html');
      writeFileSync(file, page);
      assert.ok(Buffer.byteLength(page) < 5e6, `${Buffer.byteLength(page)} bytes`);
      const browser = await launchChromium(scratch);
      try {
        const tab = await browser.newPage();
        const began = performance.now();
        await tab.goto(pathToFileURL(file).href);
        await tab.waitForFunction(
          '[...document.querySelectorAll("canvas")].every((c) => c.dataset.drawn === "yes")',
        );
        const tookMs = performance.now() - began;
        t.diagnostic(`${(Buffer.byteLength(page) / 1e6).toFixed(2)} MB, open in ${Math.round(tookMs)} ms`);
        assert.ok(tookMs < 3000, `${tookMs} ms`);
      } finally {
        await browser.close();
      }
    });
  }
});
