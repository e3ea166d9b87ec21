import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { doubtsOf } from '../../src/compare/doubts.ts';
import type { PlannedTrial } from '../../src/plan/plan.ts';
import { simulatedRun } from './simulated-run.ts';

const rareStates = (value: (trial: PlannedTrial, sample: number, noise: number) => number, blocks = 10) => {
  const design = `{ blocks: ${blocks}, samples: 2, warmup: 0, margin: 3% }`;
  const { comparisons, warnings } = simulatedRun({ design, value }).results;
  return { comparisons, notes: comparisons.map(({ note }) => note), found: warnings.filter(isRareState) };
};
const isRareState = ({ code }: { code: string }) => code === 'rare-state';

describe('a rare state', () => {
  it('is doubted where few blocks drag the mean, with the figures and what to look for', () => {
    const { comparisons, notes, found } = rareStates(
      ({ mode, block }, _, noise) =>
        100 * (mode === 'slow' ? (block === 2 ? 1.02 : 1.08) : 1) * Math.exp(0.005 * noise),
      20,
    );
    assert.ok(comparisons[0]!.low! > 1.03, 'or the interval would not settle it anyway');
    assert.equal(comparisons[0]!.verdict, 'inconclusive');
    assert.equal(found.length, 1);
    assert.match(
      notes[0]!,
      /^few blocks drag the mean: 1\.07\d+, but the Hodges-Lehmann estimate is 1\.\d+$/,
    );
    assert.ok(
      found[0]!.text.startsWith(`slow, work: time: ${notes[0]!}. Perhaps the machine was in another state`),
    );
    assert.match(found[0]!.text, /raise design\.blocks so that the state occurs often$/);
  });

  it('is not where the verdict is the same wherever between the blocks the truth lies', () => {
    const same = rareStates(({ mode, block }) => (mode === 'slow' && block === 2 ? 100.1 : 100));
    const slower = rareStates(({ mode, block }) => 100 * (mode === 'slow' ? (block === 2 ? 9 : 2) : 1));
    for (const [{ comparisons, notes, found }, verdict] of [
      [same, 'same'],
      [slower, 'slower'],
    ] as const) {
      assert.deepEqual([comparisons[0]!.verdict, found], [verdict, []]);
      assert.match(notes[0]!, /drag|lies above 1/, 'or nothing dragged');
    }
  });

  it('is not where the intervals disagree for another reason', () => {
    const { notes, found } = rareStates(
      ({ mode, block }, _, noise) =>
        100 * (mode === 'slow' ? [1.1, 1.2, 1.3][block - 1]! : 1) * Math.exp(0.001 * noise),
      3,
    );
    assert.match(notes[0]!, /lies above 1|times as wide/);
    assert.deepEqual(found, []);
  });

  it('is not where they agree', () => {
    const { notes, found } = rareStates(
      ({ mode }, _, noise) => 100 * (mode === 'slow' ? 1.1 : 1) * Math.exp(0.01 * noise),
    );
    assert.deepEqual([notes, found], [[null], []]);
  });

  it('is told by the finding, not by how a note is worded', () => {
    const [one] = simulatedRun().results.comparisons;
    const doubts = (drag: string | undefined) =>
      doubtsOf(
        [],
        [{ comparison: { ...one!, note: 'other words' }, drag, dependence: undefined }],
        [],
        1,
      ).map(({ code }) => code);
    assert.deepEqual([doubts('dragged'), doubts(undefined)], [['rare-state'], []]);
  });
});
