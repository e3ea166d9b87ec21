import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { derive, seeded } from '../../src/statistics/prng.ts';
import { ratio } from '../../src/statistics/ratio.ts';
import { suiteRatio, type SuiteCell } from '../../src/statistics/suite.ts';
import { standardNormal } from './draws.ts';
import { close } from './reference.ts';

const options = { seed: 1, resamples: 2000 };

/** Cells whose blocks share a disturbance of 5% and have 1% of their own. */
function suite(names: readonly string[], blocks: number, seed: string): SuiteCell[] {
  const random = seeded(derive('suite', seed));
  const shared = Array.from({ length: blocks }, () => 0.05 * standardNormal(random));
  return names.map((name, i) => ({
    name,
    pairs: shared.map((shift, block) => ({
      block,
      mode: (1 + i) * Math.exp(shift + 0.01 * standardNormal(random)),
      baseline: 1,
    })),
  }));
}

describe('the ratio of a suite', () => {
  it("is the geometric mean of its cells' ratios", () => {
    const cells = suite(['a', 'b', 'c'], 10, 'mean');
    const result = suiteRatio(cells, options)!;
    const logs = cells.map(({ pairs }) => Math.log(ratio(pairs, options).ratio));
    close(result.ratio, Math.exp(logs.reduce((sum, log) => sum + log) / 3));
    assert.deepEqual([result.cells, result.n, result.leftOut], [3, 10, []]);
  });

  it('of one cell is that cell, resamples and all', () => {
    const [cell] = suite(['only'], 8, 'one') as [SuiteCell];
    const alone = ratio(cell.pairs, { ...options, cell: 'only' });
    assert.deepEqual(suiteRatio([cell], options), { ...alone, cells: 1, leftOut: [] });
  });

  it('does not grow surer by cells that share their disturbance', () => {
    const width = (names: string[]) => {
      const { methods } = suiteRatio(suite(names, 10, 'width'), options)!;
      return [methods.t, methods.bootstrap].map(({ low, high }) => Math.log(high! / low!));
    };
    const [one, many] = [width(['a']), width(['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'])];
    for (const method of [0, 1])
      assert.ok(many[method]! > 0.7 * one[method]!, `${many[method]} of ${one[method]}`);
  });

  it('uses only blocks that every cell has, and names the rest', () => {
    const [first, second] = suite(['a', 'b'], 6, 'gaps') as [SuiteCell, SuiteCell];
    const holed = { ...second, pairs: second.pairs.filter(({ block }) => block !== 2) };
    const result = suiteRatio([first, holed], options)!;
    assert.deepEqual([result.n, result.leftOut], [5, ['2']]);
    assert.equal(
      suiteRatio(
        [
          { ...first, pairs: first.pairs.slice(0, 1) },
          { ...second, pairs: second.pairs.slice(1) },
        ],
        options,
      ),
      undefined,
    );
  });

  it('counts boots where blocks share them', () => {
    const cells = suite(['a', 'b'], 6, 'boots').map((cell) => ({
      ...cell,
      pairs: cell.pairs.map((pair) => ({ ...pair, boot: Number(pair.block) % 3 })),
    }));
    assert.equal(suiteRatio(cells, options)!.n, 3);
    const [first, second] = [cells[0]!, cells[1]!];
    const other = { ...second, pairs: second.pairs.map((pair) => ({ ...pair, boot: 'other' })) };
    assert.throws(() => suiteRatio([first, other], options), /block 0 must share a boot, found 0 and other/);
  });

  it('refuses no cells and a block that comes twice', () => {
    const [cell] = suite(['a'], 3, 'twice') as [SuiteCell];
    assert.throws(() => suiteRatio([], options), RangeError);
    assert.throws(
      () => suiteRatio([{ ...cell, pairs: [...cell.pairs, cell.pairs[0]!] }], options),
      /found 1 twice in a/,
    );
  });
});
