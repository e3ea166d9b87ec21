/** What a run that stops on precision still holds: its coverage, in less time. */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { standingOf } from '../../src/compare/stop-rule.ts';
import { tInterval } from '../../src/statistics/interval.ts';
import { meanIntervals } from '../../src/statistics/mean-intervals.ts';
import { unitsOf, unitValue } from '../../src/statistics/pairs.ts';
import { derive, seeded, type Random } from '../../src/statistics/prng.ts';
import { heavyTailed, standardNormal } from '../statistics/draws.ts';
import { TRUTH, autocorrelated, blockDrift } from '../statistics/scenarios.ts';

const PRECISION = 0.01;
const MOST = 200;

const reported = (logs: Float64Array) =>
  meanIntervals(logs, [0.95], { seed: 'stopping', resamples: 2000 }).intervals[0]!.reported;

/** A cell's blocks until the rule has enough; the draws are its log ratios, whose true mean is 0. */
function adaptive(draw: () => number): { n: number; held: boolean; half: number } {
  const logs = new Float64Array(MOST);
  for (let n = 1; ; n++) {
    logs[n - 1] = draw();
    const seen = logs.subarray(0, n);
    if (n < MOST && standingOf(seen, PRECISION, 0.95) === 'open') continue;
    const { low, high } = reported(seen);
    return { n, held: low! <= 0 && high! >= 0, half: (high! - low!) / 2 };
  }
}

const SHAPES: Record<string, (random: Random, sd: number) => () => number> = {
  'log-normal, whose logs are normal': (random, sd) => () => sd * standardNormal(random),
  bimodal: (random, sd) => () => {
    const slow = () => (random.next() < 0.3 ? 1 : 0);
    return sd * 1.5 * (slow() - slow()) + 0.2 * sd * standardNormal(random);
  },
  'heavy-tailed': (random, sd) => () => (sd * (heavyTailed(random) - heavyTailed(random))) / 2.4,
};

/** The tests of `runs` simulated runs each, and of a tenth as many campaigns. */
export function testStopping(runs: number): void {
  for (const [name, shape] of Object.entries(SHAPES)) {
    it(`keeps its coverage: ${name}`, (t) => {
      const shares = [0.004, 0.01, 0.02].map((sd) => {
        const draw = shape(seeded(derive('stopping', name, sd)), sd);
        let held = 0;
        for (let run = 0; run < runs; run++) held += adaptive(draw).held ? 1 : 0;
        return (100 * held) / runs;
      });
      t.diagnostic(`${shares.join('%, ')}% at sds of 0.4%, 1% and 2% for a precision of 1%`);
      const all = shares.reduce((sum, share) => sum + share) / shares.length;
      assert.ok(all >= 93 && all <= 98, `${all}% overall`);
      assert.ok(Math.min(...shares) >= 92, shares.join());
    });
  }

  // What one block leaves behind is in the next one; their ratios still stop where their interval is narrow.
  for (const [name, scenario, precision] of [
    ['block drift', blockDrift, 0.01],
    ['autocorrelated samples', autocorrelated, 0.02],
  ] as const)
    it(`covers in at least 90% of runs: ${name}`, (t) => {
      const random = seeded(derive('stopping', name));
      const most = 60;
      let [held, blocks, open] = [0, 0, 0];
      for (let run = 0; run < runs; run++) {
        const logs = Float64Array.from(unitsOf(scenario(random, most)), unitValue);
        let n = 1;
        while (n < most && standingOf(logs.subarray(0, n), precision, 0.95) === 'open') n++;
        const { low, high } = reported(logs.subarray(0, n));
        held += low! <= Math.log(TRUTH) && Math.log(TRUTH) <= high! ? 1 : 0;
        blocks += n;
        open += n === most ? 1 : 0;
      }
      t.diagnostic(
        `${(100 * held) / runs}% at a precision of ${100 * precision}%, after ${blocks / runs} blocks in the mean`,
      );
      assert.ok(held >= 0.9 * runs, `${held} of ${runs}`);
      assert.ok(
        open < 0.1 * runs,
        `${open} of ${runs} never stopped: that would be the coverage of a fixed n`,
      );
    });

  it('takes less than half the time of the fixed n that is as precise, on quiet and noisy cells', (t) => {
    const sds = [0.003, 0.005, 0.005, 0.01, 0.01, 0.01, 0.02, 0.04];
    const random = seeded('time');
    const noisiest = Math.max(...sds);
    let fixed = 2;
    const half = (n: number) => tInterval({ mean: 0, sd: noisiest, n }).high!;
    while (half(fixed) > Math.log1p(PRECISION)) fixed++;
    const campaigns = runs / 10;
    let [blocks, held, precise, cells] = [0, 0, 0, 0];
    for (let campaign = 0; campaign < campaigns; campaign++)
      for (const sd of sds) {
        const cell = adaptive(() => sd * standardNormal(random));
        blocks += cell.n / sds.length;
        held += cell.held ? 1 : 0;
        precise += cell.half <= Math.log1p(PRECISION) ? 1 : 0;
        cells++;
      }
    const share = blocks / campaigns / fixed;
    t.diagnostic(
      `${(100 * share).toFixed(1)}% of the time of ${fixed} blocks; ${((100 * held) / cells).toFixed(1)}% covered`,
    );
    assert.ok(share <= 0.5, `${share}`);
    assert.ok(held / cells >= 0.93 && held / cells <= 0.98, `${held / cells}`);
    // The rule's own interval is from other draws of the bootstrap than the one that is reported.
    assert.ok(precise / cells > 0.95, `${precise / cells} reached it`);
  });
}
