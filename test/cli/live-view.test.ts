import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import pc from 'picocolors';
import type { LiveState } from '../../src/cli/terminal/live-state.ts';
import { brokenRows, liveText, movingLeft } from '../../src/cli/terminal/live-view.ts';
import { widthOf } from '../../src/cli/terminal/output.ts';
import { simulatedRun } from '../compare/simulated-run.ts';

const { comparisons } = simulatedRun({
  modes: ['native', 'pvdrm-with-a-long-name', 'forwarded']
    .map((name, at) => `  ${name}: { use: custom, on: ${'abc'[at]}, environment: { LEVEL: '${at}' } }`)
    .join('\n'),
}).results;

const state: LiveState = {
  ...{ name: 'an-experiment-with-a-name', block: 3, blocks: 10, done: 24, trials: 60 },
  ...{ mode: 'pvdrm-with-a-long-name', workload: 'work', sample: 2, warmup: false, samples: 10 },
  ...{ leftMs: 200_000, currentMs: 5_000, comparisons, doing: '' },
  incidents: { count: 2, last: `link: ${'a guest did not answer '.repeat(20)}` },
};
const drawn = (width: number, more: Partial<LiveState> = {}, height = 24, colours = false) =>
  liveText({ ...state, ...more }, 65_000, pc.createColors(colours), { width, height });

describe('the live view', () => {
  for (const width of [40, 60, 80, 100, 200])
    it(`is narrower than a terminal of ${width} columns, with colours and without`, () => {
      for (const more of [{}, { comparisons: [] }, { doing: 'connecting' }, { leftMs: null }])
        for (const colours of [false, true])
          for (const line of drawn(width, more, 24, colours).split('\n'))
            assert.ok(widthOf(line) < width, `${widthOf(line)}: ${line}`);
    });

  it('has what is done, what is being done and what is left at any of the usual widths', () => {
    for (const width of [60, 80, 200])
      for (const part of [
        /trial 24\/60 {2}block 3\/10/,
        /sample 2\/10/,
        /about 3 min 20 s left/,
        /▼ slower|= same|\?/,
      ])
        assert.match(drawn(width), part, `${width}`);
  });

  it('uses room where there is some: for a bar, for metrics and intervals, and for all on one line', () => {
    assert.match(drawn(60), /░/);
    assert.doesNotMatch(drawn(60), /\d% to \d/);
    assert.match(drawn(80), /\d% to \d/);
    assert.match(drawn(200), /work: time .*\d% to \d/);
    assert.match(drawn(200), /sample 2\/10.*elapsed/);
  });

  it('has as few cells as a low terminal has lines for, and says how many more there are', () => {
    const many = { comparisons: Array.from({ length: 30 }, () => comparisons[0]!) };
    const lines = drawn(80, many, 10).split('\n');
    assert.ok(lines.length < 10, String(lines.length));
    assert.match(lines.join('\n'), /and 26 more/);
  });

  it('tells of no time left once all is done', () => {
    assert.doesNotMatch(drawn(80, { done: 60, leftMs: 0 }), /left/);
  });

  it('counts down within a trial, and not beyond it', () => {
    assert.equal(movingLeft(state, 2_000), 198_000);
    assert.equal(movingLeft(state, 60_000), 195_000);
    assert.equal(movingLeft({ ...state, leftMs: null, currentMs: null }, 60_000), null);
  });

  it('knows how many rows its lines take in a terminal that got narrower', () => {
    assert.equal(brokenRows(drawn(200), 200), 0);
    assert.equal(brokenRows(`${'x'.repeat(100)}\n${'y'.repeat(60)}\nz`, 60), 1);
    assert.equal(brokenRows(pc.createColors(true).red('x'.repeat(60)), 60), 0);
  });
});
