import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { cellsOf } from '../../src/compare/cells.ts';
import { resultsOf } from '../../src/compare/compare.ts';
import { resultsJsonSchema, resultsSchema } from '../../src/compare/results.ts';
import { performance, verdictOf } from '../../src/compare/verdict.ts';
import { makePlan } from '../../src/plan/plan.ts';
import { type Run, Story, runOf, trialOf } from '../support/events.ts';
import { experimentWith } from '../support/experiment-text.ts';

const near = (found: number | null | undefined, wanted: number) => {
  assert.ok(
    typeof found === 'number' && Math.abs(found / wanted - 1) < 1e-9,
    `${String(found)}, not ${wanted}`,
  );
};
const results = ({ experiment, plan, events }: Run) => resultsOf(experiment, plan, events);
const only = (run: Run) => {
  const { comparisons } = results(run);
  assert.equal(comparisons.length, 1);
  return comparisons[0]!;
};

describe('the verdict', () => {
  const top = 1.03;
  const verdict = (low: number | null, high: number | null, better: 'higher' | 'lower' = 'higher') =>
    verdictOf(low, high, better, 0.03);

  it('is the same where the interval lies inside the margin, its edges included', () => {
    for (const better of ['higher', 'lower'] as const) {
      assert.equal(verdict(1 / top, top, better), 'same');
      assert.equal(verdict(1, 1, better), 'same');
      assert.equal(verdict(1.01, 1.02, better), 'same');
      assert.equal(verdict(1 / top - 1e-12, top, better), 'inconclusive');
      assert.equal(verdict(1 / top, top + 1e-12, better), 'inconclusive');
    }
  });

  it('is slower or faster only where the whole interval lies beyond an edge, in the metric’s direction', () => {
    assert.equal(verdict(top + 1e-12, 2), 'faster');
    assert.equal(verdict(top + 1e-12, 2, 'lower'), 'slower');
    assert.equal(verdict(0.5, 1 / top - 1e-12), 'slower');
    assert.equal(verdict(0.5, 1 / top - 1e-12, 'lower'), 'faster');
    assert.equal(verdict(top, 2), 'inconclusive');
    assert.equal(verdict(0.5, 1 / top), 'inconclusive');
    assert.equal(verdict(0.5, 2), 'inconclusive');
  });

  it('is inconclusive without an interval', () => {
    assert.equal(verdict(null, null), 'inconclusive');
    assert.equal(verdict(2, null), 'inconclusive');
  });

  it('of a metric turned over is that of its inverse', () => {
    const figure = fc.double({ min: 0.1, max: 10, noNaN: true });
    fc.assert(
      fc.property(figure, figure, fc.double({ min: 0.001, max: 0.5, noNaN: true }), (a, b, margin) => {
        const [low, high] = a < b ? [a, b] : [b, a];
        const edges = [low, high, 1 / low, 1 / high];
        if (edges.some((edge) => Math.abs(Math.abs(Math.log(edge)) - Math.log(1 + margin)) < 1e-12)) return;
        assert.equal(verdictOf(low, high, 'higher', margin), verdictOf(1 / high, 1 / low, 'lower', margin));
      }),
    );
  });
});

describe('performance', () => {
  it('is the ratio where higher is better, else its inverse with the ends swapped', () => {
    assert.deepEqual(performance(0.5, 0.4, 0.8, 'higher'), { ratio: 0.5, low: 0.4, high: 0.8 });
    assert.deepEqual(performance(0.5, 0.4, 0.8, 'lower'), { ratio: 2, low: 1.25, high: 2.5 });
    assert.deepEqual(performance<number | null>(0.5, null, null, 'lower'), {
      ratio: 2,
      low: null,
      high: null,
    });
  });
});

describe('cells', () => {
  const experiment = experimentWith('{ blocks: 2 }');
  const plan = makePlan(experiment);
  const A = trialOf(1, 'native');
  const cells = (story: Story) => cellsOf(plan, story.events);
  const values = (story: Story) =>
    cells(story).flatMap(({ cell }) => cell.trials.map((trial) => trial.values));
  const gave = (...gflops: number[]) => [{ metrics: { gflops } }];

  it('hold the samples of completed trials only', () => {
    const story = new Story();
    for (const [block, mode, kind] of [
      [1, 'native', 'failed'],
      [1, 'slow', 'void'],
      [2, 'native', 'aborted'],
    ] as const)
      story
        .start(trialOf(block, mode))
        .sample(trialOf(block, mode), 0, gave(1))
        .end(trialOf(block, mode), { kind, reason: 'x', transport: false });
    story.start(trialOf(2, 'slow')).sample(trialOf(2, 'slow'), 0, gave(2));
    assert.deepEqual(values(story), []);
    assert.deepEqual(values(story.end(trialOf(2, 'slow'))), [[2]]);
  });

  it('leave warm-ups out and keep the order of the samples, also of several in one run', () => {
    const story = new Story().start(A).sample(A, 0, gave(99), { warmup: true });
    story.sample(A, 0, gave(3, 1)).sample(A, 1, gave(2)).end(A);
    assert.deepEqual(values(story), [[3, 1, 2]]);
  });

  it('hold the last attempt of a trial alone, and when it first began', () => {
    const story = new Story().start(A).sample(A, 0, gave(7)).end(A, { kind: 'void', reason: 'x' });
    story.start(A, 2).sample(A, 0, gave(8), { attempt: 2 }).end(A, { kind: 'completed' }, 2);
    assert.deepEqual(values(story), [[8]]);
    assert.equal(cells(story)[0]?.cell.trials[0]?.wall, story.events[0]?.wall);
  });

  it('of several guests add up what more is better of, take the mean of what less is, and keep each guest', () => {
    for (const [better, both] of [
      ['higher', [11, 22]],
      ['lower', [5.5, 11]],
    ] as const) {
      const story = new Story().start(A);
      for (const index of [0, 1])
        story.sample(A, index, [
          { target: 'one', better, metrics: { gflops: [1 * (index + 1)] } },
          { target: 'constructor', better, metrics: { gflops: [10 * (index + 1)] } },
        ]);
      const [found] = cells(story.end(A));
      assert.deepEqual(found?.cell.trials[0]?.values, both);
      assert.deepEqual(Object.entries(found.cell.trials[0].guests), [
        ['one', [1, 2]],
        ['constructor', [10, 20]],
      ]);
    }
  });

  it('name no guest where there is one, and have no metric that some guest lacks', () => {
    assert.deepEqual(cells(new Story().trial(A, [1]))[0]?.cell.trials[0]?.guests, {});
    const story = new Story().start(A);
    story.sample(A, 0, [
      { target: 'one', metrics: { gflops: [1], extra: [5] } },
      { target: 'two', metrics: { gflops: [2] } },
    ]);
    assert.deepEqual(
      cells(story.end(A)).map(({ cell }) => cell.metric),
      ['gflops'],
    );
  });

  it('have the mean of phases and crossings over all readings, whatever they are called', () => {
    const story = new Story().start(A);
    story.sample(A, 0, [
      { metrics: { gflops: [1] }, phases: { htod: 10, constructor: 4 }, crossings: { trap: 3 } },
    ]);
    story.sample(A, 1, [{ metrics: { gflops: [1] }, phases: { htod: 20 } }]).end(A);
    const [found] = cells(story);
    assert.deepEqual(Object.entries(found?.cell.phases ?? {}), [
      ['htod', 15],
      ['constructor', 2],
    ]);
    assert.deepEqual(found?.crossings, { trap: 1.5 });
  });
});

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
    const slower = only(runOf([[8], [8]], [[4], [4]]));
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
      for (const when of ['before', 'after'])
        assert.equal(
          without((e) => e.type === 'attested' && e.block === 2 && e.mode === mode && e.when === when),
          false,
        );
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
    const found = resultsOf(experiment, plan, story.events).comparisons;
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
      const { cells } = resultsOf(experiment, makePlan(experiment), events);
      assert.deepEqual(
        cells.map(({ mode }) => mode),
        ['native', 'slow'],
      );
    }
  });
});

describe('the results', () => {
  const run = runOf([[8, 9], [7], [8]], [[4], [5, 4], [4]], { figures: { phases: { htod: 5 } } });

  it('are the same bytes each time', () => {
    assert.equal(JSON.stringify(results(run)), JSON.stringify(results(structuredClone(run))));
  });

  it('are what their schema says, and are plain data', () => {
    const found = results(run);
    assert.deepEqual(resultsSchema.parse(JSON.parse(JSON.stringify(found))), found);
    assert.match(JSON.stringify(resultsJsonSchema()), /"comparisons"/);
  });

  it('count every planned trial once, and tell those without a figure', () => {
    const experiment = experimentWith('{ blocks: 3 }');
    const story = new Story().begin().trial(trialOf(1, 'native'), [1]);
    story
      .start(trialOf(1, 'slow'))
      .end(trialOf(1, 'slow'), { kind: 'failed', reason: 'broke', transport: true });
    story.end(trialOf(2, 'native'), { kind: 'timed-out', reason: 'slow', afterMs: 9 });
    story.end(trialOf(2, 'slow'), { kind: 'void', reason: 'no proof' });
    story.end(trialOf(3, 'native'), { kind: 'aborted', reason: 'interrupted' });
    const found = resultsOf(experiment, makePlan(experiment), story.events);
    assert.deepEqual(found.trials, {
      planned: 6,
      completed: 1,
      failed: 1,
      'timed-out': 1,
      void: 1,
      pending: 2,
    });
    assert.deepEqual(found.unsuccessful.map(({ outcome }) => outcome.kind).sort(), [
      'aborted',
      'failed',
      'timed-out',
      'void',
    ]);
    assert.equal(found.endReason, null);
    assert.deepEqual(found.versions, { vgpubench: '1' });
    assert.equal(found.started, story.events[0]?.wall);
  });

  it('of a run without an event hold nothing and no error', () => {
    const found = results({ ...run, events: [] });
    assert.deepEqual([found.comparisons, found.cells, found.started, found.ended], [[], [], null, null]);
  });

  it('carry incidents, evidence, noise, counters and the last environment of each target', () => {
    const story = new Story();
    const ready = (shell: string) =>
      story.add({
        type: 'target-ready',
        target: 'bare',
        shell,
        clock: { source: 'date', tickNs: 1, monotonic: false },
        fingerprint: { os: 'x' },
      });
    ready('dash');
    ready('bash');
    story.attest(1, 'slow', false);
    story.add({ type: 'incident', kind: 'link', target: 'bare', trial: null, text: 'lost' });
    story.add({ type: 'counted', block: 1, mode: 'slow', target: 'bare', counters: { trap: 3 } });
    story.add({
      type: 'noise',
      block: 1,
      mode: 'slow',
      target: 'bare',
      load1: 1,
      stealShare: 0.1,
      throttled: null,
    });
    const found = results({ ...run, events: story.events });
    assert.deepEqual(
      found.environment.map(({ shell }) => shell),
      ['bash'],
    );
    assert.deepEqual(found.incidents[0]?.text, 'lost');
    assert.deepEqual(found.counters[0]?.counters, { trap: 3 });
    assert.equal(found.noise[0]?.stealShare, 0.1);
    assert.deepEqual(
      found.attestations.map(({ ok }) => ok),
      [false, false],
    );
  });
});
