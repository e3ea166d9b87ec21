/** Guests that do their worst, each a real workload over a real sshd, from their output to every report of it. */
import assert from 'node:assert/strict';
import { chmodSync, existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { pathToFileURL } from 'node:url';
import type { Browser } from 'playwright-core';
import { type Results, resultsSchema } from '../../src/compare/results.ts';
import { seeded } from '../../src/statistics/prng.ts';
import { jsonText } from '../../src/words/printable.ts';
import { parseCsv } from '../report/parse-csv.ts';
import { parseXml } from '../report/parse-xml.ts';
import { drawAll, launchChromium } from '../support/chromium.ts';
import { vgpubench } from '../support/cli.ts';
import { eventsIn } from '../support/events.ts';
import { FORGED, type HostileGuest, hostileGuests } from '../support/hostile-guest.ts';
import { complaintsOfLatex } from '../support/latex.ts';
import { peakOf } from '../support/processes.ts';
import { testTargets } from '../support/targets.ts';

const PEAK_MB = 500;
/** Guests of a run. */
const TOGETHER = 25;

/** A field's name, and so a metric's. */
const FORMULA = '=1+cmd|calc';

/** Control characters, direction overrides, halves of characters. */
const UNSEEN = /[^\P{Cc}\n\r\t]|[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\uffff]|\p{Surrogate}/u;

/** Another seed for other guests. */
const SEED = process.env['HOSTILE_SEED'] ?? '1';

/** Declares the tests of the first `count` guests of the seed, each run in as many blocks. */
export function testHostileGuests(count: number, blocks: number): void {
  describe(`${count} guests that do their worst, of HOSTILE_SEED=${SEED}`, () => {
    const lab = testTargets([{ alias: 'a' }]);
    const guests = hostileGuests(seeded(SEED), count);
    let browser: Browser | undefined;
    before(async () => {
      browser = await launchChromium(lab.folder);
    });
    after(async () => {
      await browser?.close();
    });

    for (let from = 0; from < count; from += TOGETHER) {
      const own = guests.slice(from, from + TOGETHER);
      it(`guests ${from + 1} to ${from + own.length}`, async (context) => {
        const directory = join(lab.folder, `run-${from}`);
        const marker = `${directory}.good`;
        const file = `${directory}.yaml`;
        writeFileSync(file, experimentOf(own, lab.servers.sshConfig, lab.folder, marker, blocks));
        const running = vgpubench(['run', file, '--out', directory], lab.folder);
        const peakMb = peakOf(running.pid ?? 0);
        const { exitCode, stdout, stderr } = await running;
        const mb = peakMb();
        context.diagnostic(`${Math.round(mb)} MB at the harness's peak`);
        assert.equal(exitCode, 4, stderr.slice(-2000));
        assert.ok(mb < PEAK_MB, `${mb} MB`);
        for (const text of [stdout, stderr]) assert.doesNotMatch(text, UNSEEN);
        assertGoesOn(directory, own, marker, blocks);
        await assertReports(directory, stderr);
        assert.ok(browser);
        await assertHarmless(browser, directory);
      });
    }
  });
}

function experimentOf(
  guests: readonly HostileGuest[],
  sshConfig: string,
  folder: string,
  marker: string,
  blocks: number,
): string {
  const entries = guests.map(({ name, entry, stdout, script }) => {
    const program = join(folder, `${name}.sh`);
    writeFileSync(`${program}.out`, stdout);
    writeFileSync(program, `#!/bin/bash\ncat ${program}.out\n${script}\n`);
    chmodSync(program, 0o755);
    const path = ['clpeak', 'hashcat'].includes(String(entry['use'])) ? { path: program } : { run: program };
    return { ...entry, ...path };
  });
  const good = {
    ...{ use: 'command', name: 'good', run: `echo >>${marker}; echo "speed: $(wc -l <${marker})"` },
    metric: { pattern: 'speed: {value}', unit: 'GB/s', better: 'higher' },
  };
  const formula = {
    ...{ use: 'command', name: 'formula', run: `echo '{"${FORMULA}": 5}'` },
    metric: { field: FORMULA, unit: '@SUM(A1)', better: 'higher' },
  };
  const bidi = String.fromCharCode(0x202e);
  return `# </pre></script><script>window.owned=5</script> ${bidi} what a reader of the page sees
name: worst
targets: { a: { ssh: a, config: ${sshConfig} } }
modes: { native: { use: native, on: a, hypervisor: allowed }, again: { use: native, on: a, hypervisor: allowed } }
workloads:
${[...entries, good, formula].map((entry) => `  - ${jsonText(entry)}\n`).join('')}
design: { blocks: ${blocks}, seed: 3, warmup: 0, samples: 2 }
limits: { trial: 60s, file: 64MiB }
`;
}

/** Every trial has an end of its own; the good one's samples are its own, each once; nothing is of a forged frame. */
function assertGoesOn(
  directory: string,
  guests: readonly HostileGuest[],
  marker: string,
  blocks: number,
): void {
  const events = eventsIn(directory);
  const ended = events.filter((event) => event.type === 'trial-ended');
  assert.equal(ended.length, 2 * blocks * (guests.length + 2));
  const good = ended.filter(({ trial }) => trial.endsWith('.good'));
  assert.deepEqual([...new Set(good.map(({ outcome }) => outcome.kind))], ['completed']);
  const samples = events.filter((event) => event.type === 'sample');
  const figures = (own: typeof samples) =>
    own.flatMap((event) =>
      event.guests.flatMap(({ readings }) => readings.flatMap(({ metrics }) => metrics)),
    );
  const runs = readFileSync(marker, 'utf8').length;
  assert.equal(runs, 2 * blocks * 2);
  assert.deepEqual(
    figures(samples.filter(({ trial }) => trial.endsWith('.good'))).map(({ value }) => value),
    Array.from({ length: runs }, (_, at) => at + 1),
  );
  for (const { name, evils } of guests) {
    const own = samples.filter(({ trial }) => trial.endsWith(`.${name}`));
    // What it prints itself is its own figure, whatever that is.
    const forges = evils.includes('a forged frame');
    for (const { value } of figures(own))
      assert.ok(value > 0 && (forges || value !== FORGED), `${name}: ${value}`);
    for (const id of new Set(own.map(({ trial }) => trial))) {
      const places = own.filter(({ trial }) => trial === id).map(({ index }) => index);
      assert.deepEqual(places, [0, 1].slice(0, places.length), id);
    }
  }
  for (const { trial, outcome } of ended)
    if ('reason' in outcome) {
      assert.ok(outcome.reason.length > 0 && outcome.reason.length < 1000, `${trial}: ${outcome.reason}`);
      assert.doesNotMatch(
        outcome.reason,
        /Maximum call stack|regular expression|is not a function|string length/i,
        trial,
      );
    }
}

/** Every file is there and is what its readers take. */
async function assertReports(directory: string, stderr: string): Promise<void> {
  assert.doesNotMatch(stderr, /could not be made|VGB-UNFORESEEN/);
  const read = (name: string) => readFileSync(join(directory, name), 'utf8');
  const texts = ['results.json', 'index.html', 'summary.md', 'samples.csv', 'table.tex', 'junit.xml'];
  for (const name of texts) assert.doesNotMatch(read(name), UNSEEN, name);
  const results = resultsSchema.parse(JSON.parse(read('results.json')));
  for (const name of readdirSync(join(directory, 'charts')))
    assert.match(name, /^[a-z]+(-\d+)?\.(svg|png|pdf)$/);
  assert.ok(existsSync(join(directory, 'charts', 'relative.png')));
  parseXml(read('junit.xml'));
  assert.ok(read('summary.md').length < 65_536);
  assert.equal(await complaintsOfLatex(read('table.tex'), join(directory, 'tex')), '');
  assertInert(results, parseCsv(read('samples.csv')));
}

/** A formula is in the table, and none is one to a spreadsheet. */
function assertInert({ cells }: Results, rows: string[][]): void {
  const [head = [], ...lines] = rows;
  const samples = cells.flatMap(({ trials }) => trials.flatMap(({ values }) => values));
  assert.equal(lines.length, samples.length);
  for (const row of lines) {
    assert.equal(row.length, head.length);
    for (const field of row) assert.doesNotMatch(field, /^[=+\-@\t\r]/);
  }
  assert.ok(lines.some((row) => row.includes(`'${FORMULA}`) && row.includes("'@SUM(A1)")));
}

/** Nothing of a guest is run or loaded by the page, which draws all its charts and says nothing on the console. */
async function assertHarmless(browser: Browser, directory: string): Promise<void> {
  const page = await browser.newPage();
  const told: string[] = [];
  page.on('console', (message) => told.push(message.text()));
  page.on('pageerror', (error) => told.push(error.message));
  page.on('dialog', (dialog) => told.push(dialog.message()));
  page.on('request', (request) => told.push(request.url()));
  const address = pathToFileURL(join(directory, 'index.html')).href;
  await page.goto(address);
  await drawAll(page);
  assert.equal(await page.evaluate('window.owned'), undefined);
  assert.deepEqual(
    told.filter((one) => one !== address && !one.startsWith('data:')),
    [],
  );
  assert.equal(
    await page.locator('main img, main script, main iframe, main svg:not(#answer svg)').count(),
    0,
  );
  await page.close();
}
