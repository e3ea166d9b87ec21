import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { drawAll, launchChromium, untilHolds } from '../support/chromium.ts';
import { vgpubench } from '../support/cli.ts';
import { testTargets } from '../support/targets.ts';

/** Phases, crossings, incidents and a guest that would like to run a script in the reader's browser. */
const experiment = (sshConfig: string) => `
name: page
targets: { a: { ssh: a, config: ${sshConfig} } }
modes:
  native: { use: native, on: a, hypervisor: allowed }
  other: { use: custom, on: a, attest: [{ run: "echo '<script>window.owned=1</script>'", claim: "it prints </script><script>window.owned=2</script>" }] }
workloads:
  - { use: command, name: phased, metric: { field: rate, unit: GB/s, better: higher },
      run: "for i in 1 2 3; do echo \\"{\\\\\\"rate\\\\\\": 4$i, \\\\\\"phases\\\\\\": {\\\\\\"htod\\\\\\": 1000000, \\\\\\"launch\\\\\\": 2500000}}\\"; done" }
  - { use: command, name: hostile, metric: { duration: true },
      run: "echo '<script>window.owned=3</script><img src=http://127.0.0.1:9/x onerror=window.owned=4>' >&2; exit 1" }
design: { blocks: 3, seed: 1, warmup: 0, samples: 2 }
`;

describe('the report in Chromium', () => {
  const lab = testTargets([{ alias: 'a' }]);
  let browser: Browser | undefined;
  let page: Page;
  const complaints: string[] = [];
  const requests: string[] = [];

  before(async () => {
    const file = join(lab.folder, 'page.yaml');
    writeFileSync(file, experiment(lab.servers.sshConfig));
    const { exitCode, stderr } = await vgpubench(['run', file, '--out', 'page'], lab.folder);
    assert.equal(exitCode, 4, stderr);
    browser = await launchChromium(lab.folder);
    page = await browser.newPage();
    page.on('console', (message) => complaints.push(`${message.type()}: ${message.text()}`));
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('request', (request) => requests.push(request.url()));
    await page.goto(pathToFileURL(join(lab.folder, 'page', 'index.html')).href);
  });
  after(async () => {
    await browser?.close();
  });

  it('has every chart drawn, in the report and in a cell, with more than one colour on it', async () => {
    await drawAll(page);
    await page.getByRole('table', { name: 'Workloads by modes' }).getByRole('link').first().click();
    await page.getByRole('heading', { name: 'phased: rate in other' }).waitFor();
    await drawAll(page);
    const canvases = await page.locator('canvas').evaluateAll((found) =>
      (found as unknown as Canvas[]).map((canvas) => {
        const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
        const colours = new Set<string>();
        for (let i = 0; i < data.length; i += 4)
          if ((data[i + 3] ?? 0) > 0) colours.add([data[i], data[i + 1], data[i + 2]].join());
        return {
          id: canvas.id,
          drawn: canvas.dataset['drawn'],
          colours: colours.size,
          height: canvas.height,
        };
      }),
    );
    assert.deepEqual(
      canvases.map(({ id }) => id),
      ['chart-relative', 'chart-paired', 'chart-distribution-1', 'chart-series', 'chart-phases-1'],
    );
    for (const { id, drawn, colours, height } of canvases) {
      assert.equal(drawn, 'yes', id);
      assert.ok(colours > 3, `${id} has ${colours} colours`);
      assert.ok(height > 100, `${id} is ${height} pixels high`);
    }
    await page.goBack();
  });

  it('logs nothing to the console and asks for nothing but itself', () => {
    assert.deepEqual(complaints, []);
    assert.deepEqual(
      requests.filter((url) => !url.startsWith('data:')).map((url) => url.split('/').at(-1)),
      ['index.html'],
    );
  });

  it('runs nothing that a guest printed, and shows it as text', async () => {
    assert.equal(await page.evaluate('window.owned'), undefined);
    const text = await page.locator('#report').innerText();
    assert.match(text, /<script>window\.owned=1<\/script>/);
    assert.match(text, /<img src=http:/);
    assert.equal(await page.locator('img').count(), 0);
  });

  it('would not let a script run that got in, nor load anything', async () => {
    const ran = await page.evaluate(`(() => {
      const script = document.createElement('script');
      script.textContent = 'window.owned = 5';
      document.body.append(script);
      return window.owned;
    })()`);
    assert.equal(ran, undefined);
    assert.match(complaints.splice(0).join('\n'), /Content Security Policy/);
  });

  for (const width of [400, 1400])
    for (const colorScheme of ['light', 'dark'] as const)
      it(`has its answer in the first 800 px, at ${width} px and ${colorScheme}`, async () => {
        await page.setViewportSize({ width, height: 800 });
        await page.emulateMedia({ colorScheme });
        // Charts take their new width a frame later.
        await untilHolds(
          page,
          'document.documentElement.scrollWidth <= document.documentElement.clientWidth',
          5000,
        );
        const row = page.locator('#answer tbody tr').first();
        const { y = NaN, height = NaN } = (await row.boundingBox()) ?? {};
        assert.ok(y + height <= 800, `the first mode ends at ${y + height} px`);
        assert.match(await row.innerText(), /other[\s\S]*%/);
        const [ink, paper] = await page.evaluate<string[]>(COLOURS);
        const lightness = (colour = '') => Number(/\d+/.exec(colour)?.[0]);
        assert.equal(lightness(ink) < lightness(paper), colorScheme === 'light', `${ink} on ${paper}`);
      });

  it('prints on A4 with its suite’s charts, none of them wider than the paper', async () => {
    await page.emulateMedia({ media: 'print' });
    const A4_PX = 794;
    await page.setViewportSize({ width: A4_PX, height: 1123 });
    const wide = await page.evaluate<string[]>(
      `[...document.querySelectorAll('canvas, table')].filter((e) => e.getBoundingClientRect().right > ${A4_PX}).map((e) => e.id || e.className)`,
    );
    assert.deepEqual(wide, []);
    await page.emulateMedia({ media: null });
    const pdf = await page.pdf({ format: 'A4' });
    assert.ok(pdf.length > 20_000, `${pdf.length} bytes`);
    const pages = pdf.toString('latin1').match(/\/Type\s*\/Page\b/g)?.length ?? 0;
    assert.ok(pages >= 1 && pages <= 4, `${pages} pages`);
  });

  it('gives the figures of every chart as a table too', async () => {
    assert.equal(await page.locator('#report figure').count(), 1);
    assert.match(await page.locator('#figures table').innerText(), /phased\s+rate/);
    await page.getByRole('table', { name: 'Workloads by modes' }).getByRole('link').first().click();
    await page.getByRole('heading', { name: 'phased: rate in other' }).waitFor();
    assert.equal(await page.locator('#cell figure').count(), 4);
    assert.equal(await page.locator('#cell figure details table').count(), 4);
  });

  it('has its answer, its matrix and its evidence without the program, too', async () => {
    assert.ok(browser);
    const context = await browser.newContext({ javaScriptEnabled: false });
    try {
      const plain = await context.newPage();
      await plain.goto(page.url());
      assert.match(await plain.locator('#answer').innerText(), /other[\s\S]*%/);
      assert.match(await plain.locator('#matrix').innerText(), /phased[\s\S]*%/);
      assert.match(await plain.locator('#belief').innerText(), /Attestation[\s\S]*it prints/);
    } finally {
      await context.close();
    }
  });
});

const COLOURS = `(() => {
  const { color, backgroundColor } = getComputedStyle(document.documentElement);
  return [color, backgroundColor];
})()`;

/** What the test asks of a canvas in the page. */
interface Canvas {
  id: string;
  width: number;
  height: number;
  dataset: Record<string, string | undefined>;
  getContext(kind: '2d'): {
    getImageData(x: number, y: number, w: number, h: number): { data: Uint8ClampedArray };
  };
}
