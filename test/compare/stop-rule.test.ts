import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { settled } from '../../src/compare/compare.ts';
import { standingOf } from '../../src/compare/stop-rule.ts';
import type { PlannedTrial } from '../../src/plan/plan.ts';
import { summarise, tInterval } from '../../src/statistics/interval.ts';
import { derive, seeded, type Random } from '../../src/statistics/prng.ts';
import { draws, heavyTailed, standardNormal } from '../statistics/draws.ts';
import { unitsOf, unitValue } from '../../src/statistics/pairs.ts';
import { TRUTH, autocorrelated, blockDrift } from '../statistics/scenarios.ts';
import { simulatedRun } from './simulated-run.ts';
import { recordOf } from '../../src/record/fold.ts';

const PRECISION = 0.01;
const MOST = 200;

/** A cell's blocks until the rule has enough; the draws are its log ratios, whose true mean is 0. */
function adaptive(draw: () => number): { n: number; held: boolean; half: number } {
  const logs = new Float64Array(MOST);
  for (let n = 1; ; n++) {
    logs[n - 1] = draw();
    const seen = logs.subarray(0, n);
    if (n < MOST && standingOf(seen, PRECISION, 0.95) === 'open') continue;
    const { low, high } = tInterval(summarise(seen));
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

describe('a run that stops on precision', () => {
  for (const [name, shape] of Object.entries(SHAPES)) {
    it(`keeps its coverage: ${name}`, (t) => {
      const shares = [0.004, 0.01, 0.02].map((sd) => {
        const draw = shape(seeded(derive('stopping', name, sd)), sd);
        let held = 0;
        for (let run = 0; run < 2000; run++) held += adaptive(draw).held ? 1 : 0;
        return held / 20;
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
    it(`covers in at least 90% of 2,000 runs: ${name}`, (t) => {
      const random = seeded(derive('stopping', name));
      const most = 60;
      let [held, blocks, open] = [0, 0, 0];
      for (let run = 0; run < 2000; run++) {
        const logs = Float64Array.from(unitsOf(scenario(random, most)), unitValue);
        let n = 1;
        while (n < most && standingOf(logs.subarray(0, n), precision, 0.95) === 'open') n++;
        const { low, high } = tInterval(summarise(logs.subarray(0, n)));
        held += low! <= Math.log(TRUTH) && Math.log(TRUTH) <= high! ? 1 : 0;
        blocks += n;
        open += n === most ? 1 : 0;
      }
      t.diagnostic(
        `${held / 20}% at a precision of ${100 * precision}%, after ${blocks / 2000} blocks in the mean`,
      );
      assert.ok(held >= 1800, `${held} of 2000`);
      assert.ok(open < 200, `${open} of 2000 never stopped: that would be the coverage of a fixed n`);
    });

  it('takes less than half the time of the fixed n that is as precise, on quiet and noisy cells', (t) => {
    const sds = [0.003, 0.005, 0.005, 0.01, 0.01, 0.01, 0.02, 0.04];
    const random = seeded('time');
    const noisiest = Math.max(...sds);
    let fixed = 2;
    const half = (n: number) => tInterval({ mean: 0, sd: noisiest, n }).high!;
    while (half(fixed) > Math.log1p(PRECISION)) fixed++;
    let [blocks, held, precise, cells] = [0, 0, 0, 0];
    for (let campaign = 0; campaign < 200; campaign++)
      for (const sd of sds) {
        const cell = adaptive(() => sd * standardNormal(random));
        blocks += cell.n / sds.length;
        held += cell.held ? 1 : 0;
        precise += cell.half <= Math.log1p(PRECISION) ? 1 : 0;
        cells++;
      }
    const share = blocks / 200 / fixed;
    t.diagnostic(
      `${(100 * share).toFixed(1)}% of the time of ${fixed} blocks; ${((100 * held) / cells).toFixed(1)}% covered`,
    );
    assert.ok(share <= 0.5, `${share}`);
    assert.ok(held / cells >= 0.93 && held / cells <= 0.97, `${held / cells}`);
    assert.ok(precise / cells > 0.98, `${precise / cells} reached it`);
  });
});

describe('the standing of a cell', () => {
  const quiet = (n: number) =>
    draws(
      n,
      (() => {
        let i = 0;
        return () => (i++ % 2 === 0 ? 0.001 : -0.001);
      })(),
    );

  it('is open below eight blocks, however narrow', () => {
    assert.equal(standingOf(quiet(7), 0.1, 0.95), 'open');
    assert.equal(standingOf(quiet(8), 0.1, 0.95), 'precise');
  });

  it('is a plateau where the second half narrowed nothing', () => {
    const drifting = draws(
      30,
      (() => {
        let i = 0;
        return () => 0.01 * i++;
      })(),
    );
    assert.equal(standingOf(drifting, 0.001, 0.95), 'plateau');
    assert.equal(standingOf(drifting.subarray(0, 23), 0.001, 0.95), 'open');
    assert.equal(standingOf(quiet(30), 0.0001, 0.95), 'open');
  });
});

describe('what is settled', () => {
  const workloads = ['quiet', 'noisy']
    .map(
      (name) =>
        `  - { use: command, name: ${name}, run: ./w, metric: { name: time, field: t, unit: ms, better: lower } }`,
    )
    .join('\n');
  const value = ({ workload }: PlannedTrial, _: number, noise: number) =>
    100 * Math.exp((workload === 'noisy' ? 0.1 : 0.001) * noise);
  const run = (design: string) => {
    const { experiment, plan, events } = simulatedRun({ workloads, value, design });
    return settled(experiment, plan, recordOf(events));
  };

  it('is each cell for itself, and the baseline’s only with the last of them', () => {
    const { reason, skip } = run('{ blocks: 10, samples: 1, warmup: 0, precision: 1% }');
    assert.equal(reason, null);
    const skipped = ['native', 'slow'].map((mode) =>
      ['quiet', 'noisy'].map((workload) => skip({ mode, workload })),
    );
    assert.deepEqual(skipped, [
      [true, false],
      [true, false],
    ]);
  });

  it('is everything where all cells are, and nothing without design.precision', () => {
    assert.equal(run('{ blocks: 10, samples: 1, warmup: 0, precision: 50% }').reason, 'precision');
    const open = run('{ blocks: 10, samples: 1, warmup: 0 }');
    assert.deepEqual([open.reason, open.skip({ mode: 'slow', workload: 'quiet' })], [null, false]);
  });
});
