/** Blocks on several nodes: a constant difference between nodes is in no interval, and what is left has its name's coverage. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { summarise } from '../../src/statistics/interval.ts';
import { variance } from '../../src/statistics/moments.ts';
import type { Pair } from '../../src/statistics/pairs.ts';
import { type Random, seeded } from '../../src/statistics/prng.ts';
import { ratio } from '../../src/statistics/ratio.ts';
import { aligned, degreesWithin, inStrata } from '../../src/statistics/strata.ts';
import { suiteRatio } from '../../src/statistics/suite.ts';
import { draws, standardNormal } from './draws.ts';
import { close } from './reference.ts';

/** Blocks in turn on two nodes, whose ratios are `apart` from each other, in logs. */
function onTwoNodes(
  random: Random,
  blocks: number,
  apart: number,
  spreads: readonly number[] = [0.01, 0.01],
) {
  return Array.from({ length: blocks }, (_, block): Pair & { block: number } => {
    const node = block % 2;
    const noise = (spreads[node] ?? 0) * standardNormal(random);
    return { block, stratum: `n${node}`, baseline: 100, mode: 100 * Math.exp((node - 0.5) * apart + noise) };
  });
}

describe('values in strata', () => {
  const values = Float64Array.of(1, 2, 4, 10, 11, 15, 30, 10);
  const strata = [3, 5];
  const moved = aligned(values, strata);

  it('keep their mean, and scatter as the stratified mean does', () => {
    const { mean, sd, n } = summarise(moved);
    close(mean, summarise(values).mean);
    // Cochran: the sum of (n_h / n)² s_h² / n_h.
    const found = [values.slice(0, 3), values.slice(3)].map(
      (part) => (part.length / n) ** 2 * (variance(part) / part.length),
    );
    close(sd / Math.sqrt(n), Math.sqrt(found[0]! + found[1]!), 'standard error');
  });

  it('have the degrees of freedom of Satterthwaite, which no constant changes', () => {
    const [a, b] = [values.slice(0, 3), values.slice(3)].map((part) => part.length * variance(part)) as [
      number,
      number,
    ];
    close(degreesWithin(moved, strata), (a + b) ** 2 / (a ** 2 / 2 + b ** 2 / 4), 'degrees');
    const even = aligned(Float64Array.of(1, 3, 2, 11, 13, 12), [3, 3]);
    close(degreesWithin(even, [3, 3]), 4, 'as many of each, alike');
    assert.equal(degreesWithin(new Float64Array(6).fill(1), [3, 3]), 4);
  });

  it('are of one stratum where all have one value, and a single one goes to another', () => {
    const by = (text: string) => inStrata(Array.from(text), (one) => one).map((stratum) => stratum.join(''));
    assert.deepEqual(by('abab'), ['aa', 'bb']);
    assert.deepEqual(by('abc'), ['abc']);
    assert.deepEqual(by('aabbcd'), ['aa', 'bb', 'cd']);
    assert.deepEqual(by('abbaac'), ['aaa', 'bbc']);
    assert.deepEqual(by('a'), ['a']);
  });
});

describe('a ratio over nodes', () => {
  const options = { seed: 1, resamples: 500 };

  it('is bit for bit what it was where only one node ran', () => {
    const pairs = onTwoNodes(seeded('one'), 12, 0.05);
    const [unknown, one] = [undefined, 'n1'].map((stratum) =>
      ratio(
        pairs.map(({ mode, baseline }) => ({ mode, baseline, stratum })),
        options,
      ),
    );
    assert.deepEqual(one, unknown);
  });

  it('does not know by what nodes differ, in any of its intervals', () => {
    const [alike, apart] = [0, 0.3].map((difference) =>
      ratio(onTwoNodes(seeded('apart'), 12, difference), options),
    );
    for (const interval of ['t', 'studentised', 'bootstrap', 'hodgesLehmann'] as const)
      for (const end of ['low', 'high'] as const)
        close(apart!.methods[interval][end] ?? NaN, alike!.methods[interval][end] ?? NaN, interval);
    close(apart!.ratio, alike!.ratio);
    close(apart!.low, alike!.low);
    close(apart!.decisive.high, alike!.decisive.high);
    assert.equal(apart!.disagreement, alike!.disagreement);
  });

  it('has the suite’s figure follow', () => {
    const found = (apart: number) => {
      const random = seeded('suite');
      const cells = ['one', 'two'].map((name) => ({ name, pairs: onTwoNodes(random, 12, apart) }));
      return suiteRatio(cells, options)!;
    };
    for (const end of ['low', 'ratio', 'high'] as const) close(found(0.3)[end], found(0)[end], end);
  });

  for (const [what, blocks, spreads] of [
    ['alike', 10, [0.01, 0.01]],
    ['alike, six blocks', 6, [0.01, 0.01]],
    ['one of which scatters five times as much', 10, [0.05, 0.01]],
  ] as const)
    it(`holds the truth in about 95% of runs on two nodes that differ by a constant: ${what}`, (t) => {
      const random = seeded(`coverage ${what}`);
      const runs = 400;
      let held = 0;
      for (let seed = 0; seed < runs; seed++) {
        const { low, high } = ratio(onTwoNodes(random, blocks, 0.05, spreads), { seed, resamples: 200 });
        if ((low ?? 2) <= 1 && 1 <= (high ?? 0)) held++;
      }
      const percent = (100 * held) / runs;
      t.diagnostic(`${percent}%`);
      // Three standard errors about 95%, and more where few degrees of freedom are estimated.
      assert.ok(percent >= 92 && percent <= 99, `${percent}%`);
    });

  it('sees in a node’s own order that its blocks depend on those before', () => {
    const random = seeded('dependent');
    const states = draws(2, () => 0);
    const pairs = Array.from({ length: 40 }, (_, block): Pair => {
      const node = block % 2;
      states[node] = 0.9 * (states[node] ?? 0) + 0.01 * standardNormal(random);
      return { stratum: node, baseline: 100, mode: 100 * Math.exp(states[node]) };
    });
    assert.ok(ratio(pairs, options).dependence !== undefined);
  });
});
