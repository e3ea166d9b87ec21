import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { resultsOf } from '../../src/compare/compare.ts';
import { recordOf } from '../../src/record/fold.ts';
import { runOf, trialOf } from '../support/events.ts';

describe('a run that was killed between a trial’s end and the evidence after it', () => {
  const { experiment, plan, events } = runOf([[5], [5.1], [5.2]], [[4], [4.1], [4.2]]);
  const first = events.findIndex(
    (event) => event.type === 'attested' && event.mode === 'slow' && event.block === 3,
  );
  // The story attests before and after in a row; the second of the last visit was not come to.
  const cut = events.filter((_, index) => index !== first + 1);
  const results = resultsOf(experiment, plan, recordOf(cut));

  it('has that trial in no figure, and the others attested', () => {
    const [one] = results.comparisons;
    assert.deepEqual([one!.blocks, one!.attested], [2, true]);
    assert.deepEqual([results.trials.completed, results.trials.pending], [5, 1]);
  });

  it('is told so, with what to do', () => {
    const [{ text } = { text: '' }] = results.warnings.filter(({ code }) => code === 'unproved-trials');
    assert.ok(
      text.includes(
        `because the session ended before the mode was attested after these trials: ${trialOf(3, 'slow')}. To run them again: vgpubench resume`,
      ),
      text,
    );
    assert.match(text, /To run them again: vgpubench resume$/);
    assert.deepEqual(
      resultsOf(experiment, plan, recordOf(events)).warnings.filter(({ code }) => code === 'unproved-trials'),
      [],
    );
  });
});
