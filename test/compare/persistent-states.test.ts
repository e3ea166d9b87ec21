import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { simulatedRun } from './simulated-run.ts';
import { autoregressive } from '../statistics/series.ts';

const BLOCKS = 20;
const design = `{ blocks: ${BLOCKS}, samples: 2, warmup: 0, margin: 3% }`;
/** The mode takes longer in the given blocks. */
const found = (slow: (block: number) => boolean, level = 1) =>
  simulatedRun({
    design,
    value: ({ mode, block }, _, noise) =>
      100 * (mode === 'slow' ? level * (slow(block) ? 1.15 : 1) : 1) * Math.exp(0.01 * noise),
  }).results;
const codes = ({ warnings }: ReturnType<typeof found>) => warnings.map(({ code }) => code);

describe('a mode that stays in a state for several blocks', () => {
  // As independent blocks, these ten and ten say that it is slower by 3.5% at least.
  const states = found((block) => block > 5 && block <= 15);
  const [comparison] = states.comparisons;

  it('has the verdict of the blocks that its own are worth', () => {
    const { verdict, effectiveBlocks, intervals, low, high, note } = comparison!;
    assert.ok(intervals!.t.low! > 1.03, 'or it would be inconclusive anyway');
    assert.equal(verdict, 'inconclusive');
    assert.ok(effectiveBlocks! < 5, `${effectiveBlocks}`);
    assert.ok(low! < 1 && high! > 1.15, `${low} to ${high}`);
    assert.match(note!, /are correlated \(0\.\d\d\): the 20 are worth \d\.\d independent/);
  });

  it('is warned of, with what to do', () => {
    const told = states.warnings.find(({ code }) => code === 'persistent-state')!;
    assert.match(
      told.text,
      /^slow, work: time: consecutive blocks, or boots, .*run it again at other times$/,
    );
  });

  it('is not slower by a p value that takes each block for itself', () => {
    assert.ok(comparison!.p! > 0.1, `${comparison!.p}`);
  });

  it('is nothing to be told of where blocks take turns, or nothing differs', () => {
    for (const results of [found((block) => block % 2 === 0), found(() => false), found(() => false, 1.2)]) {
      assert.ok(!codes(results).includes('persistent-state'), codes(results).join());
      assert.equal(results.comparisons[0]!.effectiveBlocks, undefined);
    }
  });

  it('is not told of both modes’ states, which their ratio does not have', () => {
    const levels = autoregressive(BLOCKS + 1, 0.9, 'shared');
    const shared = simulatedRun({
      design,
      value: ({ block }, _, noise) => 100 * Math.exp(0.1 * levels[block]! + 0.01 * noise),
    }).results;
    assert.ok(!codes(shared).includes('persistent-state'), codes(shared).join());
  });
});
