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

/** Of one standard deviation each. */
const UNIT_NOISES = {
  normal: standardNormal,
  bimodal: (random) => ((random.next() < 0.3 ? 2 : 0) + 0.3 * standardNormal(random)) / Math.sqrt(0.93),
  exponential: (random) => -Math.log(1 - random.next()),
  't, three degrees of freedom': (random) => heavyTailed(random) / Math.sqrt(3),
} satisfies Record<string, Noise>;

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

/** How many of the campaigns, in which nothing changed, raise an alarm. */
export function alarmsIn(campaigns: number, margin = MARGIN): number {
  const arm = { blocks: 10, sd: 0.04, noises: NOISES };
  return times(
    campaigns,
    (i) => campaign(derive(margin === 0 ? 'zero' : 'aa', i), arm, {}, margin).outcome === 'slower',
  );
}

/** How many find that one cell takes 5% longer, at the blocks that plan recommends for twice the margin. */
export function foundIn(campaigns: number, sd: number): { found: number; blocks: number } {
  const margin = 0.025;
  const blocks = outlookOf(
    { sd, blocks: Infinity },
    { blocks: 10, margin, confidence: 0.95 },
    CELLS,
  ).blocksForGate;
  const arm = { blocks, sd, noises: [standardNormal] };
  const found = times(campaigns, (i) => {
    const gate = campaign(derive('slow', sd, i), arm, { first: 1.05 }, margin);
    const cell = gate.cells.find(({ mode, workload }) => mode === 'slow' && workload === 'w0');
    return cell?.verdict === 'slower' && gate.outcome === 'slower';
  });
  return { found, blocks };
}

/** How many pass in which nothing changed, with a margin of ten standard deviations of an arm's block logs. */
export function passesIn(campaigns: number, name: keyof typeof UNIT_NOISES, sd = 0.005): number {
  const arm = { blocks: 10, sd: Math.SQRT2 * sd, noises: [UNIT_NOISES[name]] };
  return times(
    campaigns,
    (i) => campaign(derive('passes', name, i), arm, {}, Math.expm1(10 * sd)).outcome === 'passed',
  );
}

const times = (n: number, happens: (i: number) => boolean) =>
  Array.from({ length: n }, (_, i) => happens(i)).filter(Boolean).length;

/**
 * The tests of `campaigns` campaigns each.
 * @param sds of cells that a slowdown is looked for in; the noisier they are, the more blocks a campaign takes
 */
export function testGateAlarms(campaigns: number, sds: readonly number[]): void {
  it('raises an alarm in at most 5% of campaigns of 20 cells in which nothing changed', (t) => {
    const alarms = alarmsIn(campaigns);
    t.diagnostic(`${alarms} of ${campaigns}, margin ${MARGIN * 100}%`);
    assert.ok(alarms <= 0.05 * campaigns, `${alarms} of ${campaigns}`);
  });

  it('raises one often enough, without a margin, for that to mean something', (t) => {
    const alarms = alarmsIn(campaigns, 0);
    t.diagnostic(`${alarms} of ${campaigns}, margin 0`);
    assert.ok(alarms <= 0.05 * campaigns && alarms > 0, `${alarms} of ${campaigns}`);
  });

  it('finds a slowdown of 5% in at least 95% of campaigns at the blocks that plan recommends', (t) => {
    for (const sd of sds) {
      const { found, blocks } = foundIn(campaigns, sd);
      t.diagnostic(`${(100 * found) / campaigns}% at ${blocks} blocks, sd ${sd * 100}%`);
      assert.ok(found >= 0.95 * campaigns, `${found} of ${campaigns} at sd ${sd}`);
      assert.ok(blocks < 60, `${blocks} blocks`);
    }
  });

  it('passes where nothing changed and the margin is wide, whatever the noise', (t) => {
    for (const [name, least] of [
      ['normal', 0.95],
      ['exponential', 0.85],
    ] as const) {
      const passed = passesIn(campaigns, name);
      t.diagnostic(`${passed} of ${campaigns}: ${name}`);
      assert.ok(passed >= least * campaigns, `${passed} of ${campaigns}: ${name}`);
    }
  });
}
