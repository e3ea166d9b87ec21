import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { resultsOf } from '../../src/compare/compare.ts';
import { recordOf } from '../../src/record/fold.ts';
import { runOf } from '../support/events.ts';

describe('what evidence says against figures though it holds', () => {
  const { experiment, plan, events } = runOf([[5], [5.1], [5.2]], [[4], [4.1], [4.2]]);
  const caveat = { code: 'vgpu-unlicensed', text: 'guest1 has no licence' };
  const finding = { target: 'guest1', claim: 'its licence', ok: true, evidence: 'Unlicensed', caveat };
  const told = events.map((event) =>
    event.type === 'attested' && event.mode === 'slow' ? { ...event, findings: [finding] } : event,
  );

  it('is one warning of the run, by its mode, however often it was seen, and voids nothing', () => {
    const { warnings, trials } = resultsOf(experiment, plan, recordOf(told));
    assert.deepEqual(
      warnings.filter(({ code }) => code === caveat.code),
      [{ code: caveat.code, text: 'slow: guest1 has no licence' }],
    );
    assert.equal(trials.completed, 6);
  });
});
