import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { resultsOf } from '../../src/compare/compare.ts';
import { driftingClocks } from '../../src/compare/dear-clocks.ts';
import { emptyRecord } from '../../src/record/run-record.ts';
import { recordOf } from '../../src/record/fold.ts';
import { Story, runOf, trialOf } from '../support/events.ts';

/** What is said of clocks, where the samples of `slow` tell these shares, after a warm-up that tells another. */
function warned(shares: readonly (number | undefined)[]): string[] {
  const { experiment, plan } = runOf([[5]], [[5]]);
  const story = new Story().begin();
  for (const mode of ['native', 'slow']) {
    const id = trialOf(1, mode);
    story.attest(1, mode).start(id);
    const told = mode === 'slow' ? shares : shares.map(() => 0.01);
    story.sample(id, 0, [{ metrics: { gflops: [5] }, clockShare: 0.9 }], { warmup: true });
    told.forEach((clockShare, index) =>
      story.sample(id, index, [
        { metrics: { gflops: [5] }, ...(clockShare === undefined ? {} : { clockShare }) },
      ]),
    );
    story.end(id);
  }
  return resultsOf(experiment, plan, recordOf(story.events))
    .warnings.filter(({ code }) => code === 'dear-clock')
    .map(({ text }) => text);
}

describe('a clock whose readings are dear', () => {
  it('is warned of where they are over 1% of most of a cell’s samples, with the clocksource and a remedy', () => {
    const [text = '', ...more] = warned([0.034, 0.036, 0.001]);
    assert.match(text, /^slow, mmul: 3\.4% of its time was spent reading the clock \(clocksource of /);
    assert.match(text, /tsc=reliable/);
    assert.deepEqual(more, []);
  });

  it('is not warned of where it is one sample’s, at most 1%, or not told', () => {
    assert.deepEqual(warned([0.2, 0.001, 0.001]), []);
    assert.deepEqual(warned([0.01, 0.01, 0.01]), []);
    assert.deepEqual(warned([undefined, undefined]), []);
  });
});

describe('a clock that drifts', () => {
  /** What is said of stays of so many seconds by the target's clock and by ours. */
  const warned = (...stays: readonly (readonly [theirsS: number, oursS: number, withinS: number])[]) => {
    const record = emptyRecord();
    for (const [theirsS, oursS, withinS] of stays)
      record.visits.push({
        ...{ block: 1, mode: 'slow', completed: [], attestations: [], counters: [], noise: [], states: [] },
        clocks: [{ target: 'g1', theirsS, oursS, withinS }],
      });
    return driftingClocks(record).map(({ text }) => text);
  };

  it('is warned of where it is off by more than a delay on the way may be', () => {
    const [text = '', ...more] = warned([10.28, 10, 0.02], [20.56, 20, 0.02]);
    assert.match(
      text,
      /^the clock of g1 ran 2\.8% fast compared with ours over 30 s \(known within 0\.13%\)/,
    );
    assert.deepEqual(more, []);
    assert.match(warned([9.9, 10, 0.02]).join(), /ran 1\.0% slow/);
  });

  it('is not warned of where that is not known, or too little to matter', () => {
    assert.deepEqual(warned([1.02, 1, 0.03]), []);
    assert.deepEqual(warned([1000.5, 1000, 0.02]), []);
    assert.deepEqual(warned(), []);
  });
});
