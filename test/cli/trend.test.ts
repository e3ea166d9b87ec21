import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, it } from 'node:test';
import type { Check } from '../../src/trend/check.ts';
import type { Trend } from '../../src/trend/trend.ts';
import { vgpubench } from '../support/cli-in-process.ts';
import { testFolder } from '../support/directory.ts';
import { HOSTILE } from '../support/hostile-run.ts';
import { simulatedHistory } from '../trend/simulated-history.ts';
import { writeRun } from './run-directories.ts';

/** Figures that scatter by a tenth of a percent. */
const scatter = (run: number, cell: number) => 0.001 * (((7 * run + 3 * cell) % 5) - 2);
const text = (lines: readonly unknown[]) => lines.map((line) => `${JSON.stringify(line)}\n`).join('');

describe('vgpubench history and trend', () => {
  const folder = testFolder();
  const call = (...args: string[]) => vgpubench(args, folder);
  const history = (name: string, mean: (run: number, cell: number) => number, runs = 24) => {
    writeFileSync(
      join(folder, name),
      text(simulatedHistory({ runs, cells: 3, mean: (run, cell) => mean(run, cell) + scatter(run, cell) })),
    );
    return name;
  };

  before(() => {
    for (const place of [1, 2, 3])
      writeRun(join(folder, `run-${place}`), {
        ...{ seed: place, token: `t${place}`, wall: `2030-01-0${place}T00:00:00.000Z` },
        origin: { commit: `abcdef012345${place}`, branch: 'main', dirty: place === 3 },
      });
  });

  it('add runs one by one, and tell one that is there already', async () => {
    for (const place of [1, 2, 3]) {
      const { exitCode, stdout, stderr } = await call('history', 'add', `run-${place}`, '--to', 'own.jsonl');
      assert.equal(exitCode, 0, stderr);
      assert.match(
        stdout,
        new RegExp(`added to own.jsonl: 2 cells; it now has ${place === 1 ? '1 run' : `${place} runs`}`),
      );
    }
    assert.match((await call('history', 'add', 'run-2', '--to', 'own.jsonl')).stdout, /already has that run/);
    const { stdout } = await call('history', 'add', 'run-2', '--to', 'own.jsonl', '--json');
    assert.deepEqual((JSON.parse(stdout) as { cells: unknown[] }).cells.length, 2);
  });

  it('are inconclusive with 3 where there are too few runs, unless that is to pass', async () => {
    const { exitCode, stdout } = await call('trend', 'own.jsonl');
    assert.equal(exitCode, 3, stdout);
    assert.match(stdout, /simulated: 3 runs, 2030-01-01 00:00 to 2030-01-03 00:00/);
    assert.match(stdout, /trend: inconclusive: too few runs since the last cut/);
    assert.equal((await call('trend', 'own.jsonl', '--inconclusive', 'pass')).exitCode, 0);
    assert.equal((await call('trend', 'own.jsonl', '--check')).exitCode, 3);
    assert.equal((await call('trend', '.', '--json')).exitCode, 3, 'a directory');
  });

  it('pass with 0 where nothing changed, and fail with 1 and the commits where something did', async () => {
    const steady = await call(
      'trend',
      history('steady.jsonl', () => 0),
    );
    assert.equal(steady.exitCode, 0, steady.stdout);
    assert.match(steady.stdout, /no change[\s\S]*3 steady[\s\S]*trend: no cell became slower/);
    const stepped = history('stepped.jsonl', (run, cell) => (cell === 1 && run >= 12 ? -0.05 : 0));
    const { exitCode, stdout } = await call('trend', stepped);
    assert.equal(exitCode, 1, stdout);
    assert.match(stdout, /slow +w1 +time +▼ slower: step to 95\.\d% .* c110000000 and c120000000/);
    const { outcome, groups } = JSON.parse((await call('trend', stepped, '--json')).stdout) as Trend;
    assert.deepEqual([outcome, groups[0]?.cells[1]?.changes.length], ['slower', 1]);
  });

  it('check the newest run, with the smallest slowdown that it would have seen', async () => {
    const lost = history('lost.jsonl', (run, cell) => (cell === 1 && run === 23 ? -0.05 : 0));
    const { exitCode, stdout } = await call('trend', lost, '--check');
    assert.equal(exitCode, 1, stdout);
    assert.match(stdout, /slow +w1 +time +23 .*▼ slower/);
    assert.match(stdout, /smallest slowdown detectable with 80% power: 1\.\d+% in the steadiest/);
    const { outcome, cells } = JSON.parse((await call('trend', lost, '--check', '--json')).stdout) as Check;
    assert.deepEqual([outcome, cells.map(({ verdict }) => verdict)], ['slower', ['same', 'slower', 'same']]);
    assert.equal((await call('trend', 'steady.jsonl', '--check')).exitCode, 0);
  });

  it('write a page that needs nothing but itself, and the same each time', async () => {
    const { stderr } = await call('trend', 'stepped.jsonl', '--page', 'pages/trend.html');
    assert.match(stderr, /page: pages\/trend\.html/);
    const page = readFileSync(join(folder, 'pages/trend.html'), 'utf8');
    assert.match(page, /<h1>Trend<\/h1>/);
    assert.equal(page.match(/ data-chart="trend-/g)?.length, 3);
    assert.doesNotMatch(page, /(?:src|href)="(?!data:|#)/);
    await call('trend', 'stepped.jsonl', '--page', 'again.html', '--check');
    const checked = readFileSync(join(folder, 'again.html'), 'utf8');
    assert.match(checked, /The newest run/);
    await call('trend', 'stepped.jsonl', '--page', 'third.html');
    assert.equal(readFileSync(join(folder, 'third.html'), 'utf8'), page);
  });

  it('refuse what they can’t read or write with words, and teach with --help', async () => {
    for (const [args, code, said] of [
      [['trend', 'none.jsonl'], 2, /VGB-HISTORY-READ[\s\S]*next: +create one: vgpubench history add RUN/],
      [['history', 'add', 'none', '--to', 'x.jsonl'], 2, /VGB-JOURNAL-READ/],
      [['history', 'add', 'run-1'], 2, /--to <file>/],
      [['trend', 'steady.jsonl', '--page', 'own.jsonl/x.html'], 4, /VGB-TREND-PAGE/],
    ] as const) {
      const { exitCode, stderr } = await call(...args);
      assert.equal(exitCode, code, args.join(' '));
      assert.match(stderr, said);
    }
    assert.ok(!existsSync(join(folder, 'x.jsonl')));
    assert.match((await call('trend', '--help')).stdout, /Examples:[\s\S]*--check/);
    assert.match((await call('history', '--help')).stdout, /merge=union/);
  });

  it('print and write nothing that a hostile name could do harm by', async () => {
    const lines = simulatedHistory({
      ...{ runs: 24, cells: HOSTILE.length, mean: (run, cell) => (run < 12 ? 0 : -0.1) + scatter(run, cell) },
      over: () => ({ experiment: HOSTILE[0]!, origin: { commit: HOSTILE[1]!, branch: HOSTILE[2]! } }),
      cellOver: (_, cell) => ({
        mode: HOSTILE[cell]!,
        workload: HOSTILE[cell]!,
        metric: HOSTILE[cell]!,
        unit: HOSTILE[cell]!,
      }),
    });
    writeFileSync(join(folder, 'hostile.jsonl'), text(lines));
    const { stdout, stderr, exitCode } = await call('trend', 'hostile.jsonl', '--page', 'hostile.html');
    assert.equal(exitCode, 1, stderr);
    const page = readFileSync(join(folder, 'hostile.html'), 'utf8');
    for (const shown of [stdout, stderr, page.replace(/<script>[\s\S]*?<\/script>/g, '')])
      assert.doesNotMatch(shown, /[^\P{Cc}\n\r\t]|[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/u);
    const body = page.slice(page.indexOf('<body>')).replace(/<script[\s\S]*?<\/script>/g, '');
    assert.doesNotMatch(body, /<(?:img|svg|script)/);
  });
});
