/** A mode against the baseline: ratio, interval, attestation, and several together. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { resultsOf } from '../../src/compare/compare.ts';
import { makePlan } from '../../src/plan/plan.ts';
import { type Run, Story, runOf, trialOf } from '../support/events.ts';
import { experimentWith } from '../support/experiment-text.ts';
import { recordOf } from '../../src/record/fold.ts';

const near = (found: number | null | undefined, wanted: number) => {
  assert.ok(
    typeof found === 'number' && Math.abs(found / wanted - 1) < 1e-9,
    `${String(found)}, not ${wanted}`,
  );
};
const results = ({ experiment, plan, events }: Run) => resultsOf(experiment, plan, recordOf(events));
const only = (run: Run) => {
  const { comparisons } = results(run);
  assert.equal(comparisons.length, 1);
  return comparisons[0]!;
};

describe('a comparison', () => {
  it('is the geometric mean of the blocks’ ratios, with the t interval of their logs', () => {
    // ln(1/2), ln(1/4), ln(1/8): mean -2 ln 2, standard deviation ln 2; t(0.975, 2) = 4.302652729911275.
    const found = only(runOf([[8], [8], [8]], [[4], [2], [1]]));
    const half = (4.302652729911275 * Math.LN2) / Math.sqrt(3);
    near(found.ratio, 1 / 4);
    near(found.low, Math.exp(-2 * Math.LN2 - half));
    near(found.high, Math.exp(-2 * Math.LN2 + half));
    // t = 2 sqrt 3 at 2 degrees of freedom: p = 1 - t / sqrt(t^2 + 2).
    near(found.p, 1 - Math.sqrt(12) / Math.sqrt(14));
    assert.deepEqual(
      [found.mode, found.baseline, found.workload, found.metric, found.unit, found.better],
      ['slow', 'native', 'mmul', 'gflops', 'GFLOP/s', 'higher'],
    );
    assert.deepEqual([found.blocks, found.n, found.confidence], [3, 3, 0.95]);
  });

  it('condenses a trial to the geometric mean of its samples', () => {
    near(only(runOf([[2, 8], [4]], [[1, 1, 1], [1]])).ratio, 1 / 4);
  });

  it('takes only blocks in which both modes have a figure', () => {
    const found = only(
      runOf(
        [[1], [1], [], [1]].map((v) => v),
        [[2], [2], [99]],
      ),
    );
    near(found.ratio, 2);
    assert.deepEqual([found.blocks, found.n], [2, 2]);
  });

  it('without a pair has no ratio and no interval, and is inconclusive', () => {
    const run = runOf([[1]], []);
    const other = runOf([], [[2]]);
    const found = only({ ...run, events: other.events });
    assert.deepEqual(
      [found.ratio, found.low, found.high, found.p, found.adjustedP, found.blocks, found.n, found.verdict],
      [null, null, null, null, null, 0, 0, 'inconclusive'],
    );
    assert.equal(found.attested, false);
  });

  it('of one block has a ratio and no interval', () => {
    const found = only(runOf([[4]], [[2]]));
    near(found.ratio, 0.5);
    assert.deepEqual([found.low, found.p, found.verdict], [null, null, 'inconclusive']);
  });

  it('of figures without any spread is settled', () => {
    assert.equal(only(runOf([[5], [5]], [[5], [5]])).verdict, 'same');
    const slower = only(runOf([[8], [8]], [[3.7], [3.7]]));
    assert.deepEqual([slower.verdict, slower.p], ['slower', 0]);
  });

  it('uses the margin and confidence of the experiment', () => {
    const figures: [number[][], number[][]] = [
      [[1], [1], [1]],
      [[1.05], [1.051], [1.049]],
    ];
    assert.equal(only(runOf(...figures)).verdict, 'faster');
    assert.equal(only(runOf(...figures, { design: ', margin: 10%' })).verdict, 'same');
    const wide = only(runOf(...figures, { design: ', confidence: 0.99' }));
    assert.ok((wide.high ?? 0) > (only(runOf(...figures)).high ?? 9) && wide.confidence === 0.99);
  });

  it('counts the trials of its mode that are void', () => {
    const run = runOf([[1], [1]], [[1]]);
    const story = new Story()
      .start(trialOf(2, 'slow'))
      .end(trialOf(2, 'slow'), { kind: 'void', reason: 'x' });
    assert.equal(only({ ...run, events: [...run.events, ...story.events] }).voided, 1);
    assert.equal(only(run).voided, 0);
  });
});

describe('a comparison is attested', () => {
  const run = runOf([[1], [1]], [[2], [2]]);
  const without = (drop: (event: Run['events'][number]) => boolean) =>
    only({ ...run, events: run.events.filter((event) => !drop(event)) }).attested;

  it('where every visit of both modes has evidence before and after', () => {
    assert.equal(only(run).attested, true);
  });

  it('not where evidence is missing, of the mode or of the baseline', () => {
    for (const mode of ['native', 'slow'])
      assert.equal(
        without((e) => e.type === 'attested' && e.block === 2 && e.mode === mode && e.when === 'before'),
        false,
      );
  });

  it('by the blocks that are left, where evidence after the trials of one is missing', () => {
    for (const mode of ['native', 'slow']) {
      const events = run.events.filter(
        (e) => !(e.type === 'attested' && e.block === 2 && e.mode === mode && e.when === 'after'),
      );
      const { attested, blocks } = only({ ...run, events });
      assert.deepEqual([attested, blocks], [true, 1], mode);
    }
  });

  it('not where the mode offers no evidence, or what it offers does not hold', () => {
    const empty = run.events.map((e) =>
      e.type === 'attested' && e.mode === 'slow' ? { ...e, findings: [] } : e,
    );
    assert.equal(only({ ...run, events: empty }).attested, false);
    const wrong = run.events.map((e) => (e.type === 'attested' && e.block === 1 ? { ...e, ok: false } : e));
    assert.equal(only({ ...run, events: wrong }).attested, false);
  });

  it('though a block that is in no pair is not', () => {
    const more = runOf([[1], [1]], [[2], [2], [2]]);
    assert.equal(only(more).blocks, 2);
    assert.equal(only(more).attested, true);
  });
});

describe('several comparisons', () => {
  it('have p values after Holm, in their own places, and one without a p takes part in none', () => {
    const story = new Story();
    const experiment = experimentWith('{ blocks: 3, seed: 3 }');
    const plan = makePlan(experiment);
    const metrics = { steady: [8, 8.1, 7.9], wild: [8, 30, 2], once: [8] };
    for (const mode of ['native', 'slow'])
      for (const block of [1, 2, 3]) {
        const id = trialOf(block, mode);
        const figures = Object.entries(metrics).flatMap(([name, values]) => {
          const value = values[block - 1];
          return value === undefined ? [] : [[name, [mode === 'slow' ? value : 2]] as [string, number[]]];
        });
        story
          .start(id)
          .sample(id, 0, [{ metrics: Object.fromEntries(figures) }])
          .end(id);
      }
    const found = resultsOf(experiment, plan, recordOf(story.events)).comparisons;
    const [steady, wild, once] = ['steady', 'wild', 'once'].map((name) =>
      found.find(({ metric }) => metric === name),
    );
    assert.ok(steady?.p && wild?.p && steady.p < wild.p);
    near(steady.adjustedP, 2 * steady.p);
    near(wild.adjustedP, Math.min(1, wild.p));
    assert.deepEqual([once?.p, once?.adjustedP, once?.blocks], [null, null, 1]);
  });

  it('come in the order of the experiment file, however the blocks were shuffled', () => {
    for (let seed = 0; seed < 8; seed++) {
      const experiment = experimentWith(`{ blocks: 2, seed: ${seed} }`);
      const { events } = runOf([[1], [1]], [[2], [2]]);
      const { cells } = resultsOf(experiment, makePlan(experiment), recordOf(events));
      assert.deepEqual(
        cells.map(({ mode }) => mode),
        ['native', 'slow'],
      );
    }
  });
});
