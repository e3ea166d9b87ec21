/**
 * The gate's own error rates, by the code that users run: campaigns of 20 cells in which nothing, or one, changed. With
 * how many, the test says that asks for them.
 */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { gateOf } from '../../src/gate/gate.ts';
import type { Cell, Results } from '../../src/compare/results.ts';
import { outlookOf } from '../../src/plan/outlook.ts';
import { type Seed, derive, seeded } from '../../src/statistics/prng.ts';
import { heavyTailed, standardNormal } from '../statistics/draws.ts';
import { simulatedRun } from '../compare/simulated-run.ts';

const CELLS = 20;
const MARGIN = 0.01;
const template = simulatedRun({ design: '{ blocks: 1 }' }).results;

type Noise = (random: ReturnType<typeof seeded>) => number;
const NOISES: Noise[] = [
  standardNormal,
  (random) => (random.next() < 0.3 ? 2 : 0) + 0.3 * standardNormal(random),
  (random) => heavyTailed(random) / Math.sqrt(3),
];

interface Arm {
  blocks: number;
  sd: number;
  noises: readonly Noise[];
  /** The first cell's time, as a factor. */
  first?: number;
}

/** A run whose machine has a speed of its own, and whose blocks drift. */
function run(seed: Seed, { blocks, sd, noises, first = 1 }: Arm): Results {
  const random = seeded(seed);
  const machine = Math.exp(0.1 * standardNormal(random));
  const drift = Array.from({ length: blocks }, (_, block) => machine * Math.exp(0.003 * block));
  const cell = (mode: string, index: number): Cell => ({
    mode,
    workload: `w${index}`,
    metric: 'time',
    unit: 'ms',
    better: 'lower',
    phases: {},
    trials: drift.map((level, block) => {
      const factor = mode === 'native' ? 1 : 1.2 * (index === 0 ? first : 1);
      const noise = noises[index % noises.length]!(random);
      const value = 100 * level * factor * Math.exp((sd / Math.SQRT2) * noise);
      return { trial: `${block}`, block, wall: '', boot: null, values: [value], guests: {} };
    }),
  });
  const cells = ['native', 'slow'].flatMap((mode) => Array.from({ length: CELLS }, (_, i) => cell(mode, i)));
  return { ...template, environment: [], cells };
}

// The machines differ from run to run, as they do; so the baseline's raw figures are shown and don't count.
const changed = (results: Results, kernel: string): Results => ({
  ...results,
  environment: [
    { target: 'a', shell: 'sh', clock: { source: 'x', tickNs: 1, monotonic: true }, fingerprint: { kernel } },
  ],
});
const campaign = (seed: Seed, arm: Arm, head: Partial<Arm> = {}, margin = MARGIN) =>
  gateOf(
    changed(run(derive(seed, 'base'), arm), 'one'),
    changed(run(derive(seed, 'head'), { ...arm, ...head }), 'two'),
    margin,
  );

/** The tests of `campaigns` campaigns each. */
export function testGateAlarms(campaigns: number): void {
  it('raises an alarm in at most 5% of campaigns of 20 cells in which nothing changed', (t) => {
    let alarms = 0;
    for (let i = 0; i < campaigns; i++)
      if (campaign(derive('aa', i), { blocks: 10, sd: 0.04, noises: NOISES }).outcome === 'slower') alarms++;
    t.diagnostic(`${alarms} of ${campaigns}, margin ${MARGIN * 100}%`);
    assert.ok(alarms <= 0.05 * campaigns, `${alarms} of ${campaigns}`);
  });

  it('raises one often enough, without a margin, for that to mean something', (t) => {
    let alarms = 0;
    for (let i = 0; i < campaigns; i++) {
      const arm = { blocks: 10, sd: 0.04, noises: NOISES };
      const [base, head] = ['base', 'head'].map((name) => run(derive('zero', i, name), arm));
      if (gateOf(changed(base!, '1'), changed(head!, '2'), 0).outcome === 'slower') alarms++;
    }
    t.diagnostic(`${alarms} of ${campaigns}, margin 0`);
    assert.ok(alarms <= 0.05 * campaigns && alarms > 0, `${alarms} of ${campaigns}`);
  });

  it('finds a slowdown of 5% in at least 95% of campaigns at the blocks that plan recommends', (t) => {
    // What plan prints is the blocks for a slowdown of twice the margin.
    const margin = 0.025;
    for (const sd of [0.01, 0.02]) {
      const blocks = outlookOf(sd, 10, margin, CELLS).blocksForGate;
      const arm = { blocks, sd, noises: [standardNormal] };
      let found = 0;
      for (let i = 0; i < campaigns; i++) {
        const gate = campaign(derive('slow', sd, i), arm, { first: 1.05 }, margin);
        const cell = gate.cells.find(({ mode, workload }) => mode === 'slow' && workload === 'w0');
        if (cell?.verdict === 'slower' && gate.outcome === 'slower') found++;
      }
      t.diagnostic(`${(100 * found) / campaigns}% at ${blocks} blocks, sd ${sd * 100}%`);
      assert.ok(found >= 0.95 * campaigns, `${found} of ${campaigns} at sd ${sd}`);
      assert.ok(blocks < 60, `${blocks} blocks`);
    }
  });
}
