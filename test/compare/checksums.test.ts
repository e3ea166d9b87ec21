import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { resultsOf } from '../../src/compare/compare.ts';
import { resultsSchema } from '../../src/compare/results.ts';
import { makePlan } from '../../src/plan/plan.ts';
import { eventSchema } from '../../src/record/event.ts';
import { Story, trialOf } from '../support/events.ts';
import { experimentWith } from '../support/experiment-text.ts';
import { recordOf } from '../../src/record/fold.ts';

/** The doubts of a run of one block in which a mode's samples have these checksums, if any. */
function doubts(native: (string | undefined)[], slow: (string | undefined)[]) {
  const experiment = experimentWith('{ blocks: 1, seed: 3 }');
  const story = new Story().begin();
  for (const [mode, checksums] of [
    ['native', native],
    ['slow', slow],
  ] as const) {
    const trial = trialOf(1, mode);
    story.attest(1, mode).start(trial);
    checksums.forEach((checksum, index) =>
      story.sample(trial, index, [
        { metrics: { gflops: [5] }, ...(checksum === undefined ? {} : { checksum }) },
      ]),
    );
    story.end(trial);
  }
  const results = resultsOf(experiment, makePlan(experiment), recordOf(story.events));
  assert.deepEqual(resultsSchema.parse(results).warnings, results.warnings);
  return results.warnings.filter(({ code }) => code.startsWith('checksum'));
}

describe('a checksum', () => {
  it('is kept in the journal, and a journal without one is read', () => {
    for (const checksum of ['a1', undefined]) {
      const { events } = new Story().sample('b1.native.mmul', 0, [
        { metrics: { gflops: [5] }, ...(checksum === undefined ? {} : { checksum }) },
      ]);
      const read = eventSchema.parse(JSON.parse(JSON.stringify(events[0])));
      assert.equal(read.type === 'sample' && read.guests[0]?.readings[0]?.checksum, checksum);
    }
  });

  it('that is the same in a mode as in the baseline raises no doubt, and none does neither', () => {
    assert.deepEqual(doubts(['a1', 'a1'], ['a1', 'a1']), []);
    assert.deepEqual(doubts([undefined], [undefined]), []);
    assert.deepEqual(doubts([undefined], ['a1']), [], 'the baseline does not tell');
    assert.deepEqual(doubts(['a1'], [undefined]), [], 'the mode does not tell');
  });

  it('that is another in one sample of a mode raises a doubt that names mode and workload', () => {
    const [doubt, ...more] = doubts(['a1', 'a1'], ['a1', 'b2']);
    assert.deepEqual(more, []);
    assert.equal(doubt?.code, 'checksum-differs');
    assert.match(doubt.text, /^slow, mmul: its checksum is b2, but a1 in the baseline, .*run mmul by hand/);
  });

  it('is enough, though there is but one of a trial', () => {
    assert.deepEqual(
      doubts(['a1'], ['b2']).map(({ code }) => code),
      ['checksum-differs'],
    );
  });

  it('of several problems in a run is compared as a set', () => {
    assert.deepEqual(doubts(['a1', 'b2'], ['b2', 'a1']), []);
  });

  it('that varies in the baseline itself tells nothing about modes, which is said once', () => {
    const found = doubts(['a1', 'b2'], ['c3', 'd4']);
    assert.deepEqual(
      found.map(({ code }) => code),
      ['checksum-varies'],
    );
    assert.match(found[0]?.text ?? '', /^mmul: .*\(2 in native\)/);
  });
});
