/** The error rate of a gate: campaigns in which nothing differs, and how many of them raise an alarm. */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { holm } from '../../src/statistics/adjust.ts';
import { tTest } from '../../src/statistics/interval.ts';
import { derive, seeded } from '../../src/statistics/prng.ts';
import { ratio } from '../../src/statistics/ratio.ts';
import {
  autocorrelated,
  bimodal,
  blockDrift,
  heavyTails,
  logNormal,
  normal,
  type Scenario,
} from './scenarios.ts';

const NOISES = [normal, logNormal, bimodal, heavyTails, blockDrift, autocorrelated];

/** A cell's two-sided p, and whether the mode came out the slower one. */
function compare(scenario: Scenario, truth: number, seed: string): { p: number; slower: boolean } {
  const { logs } = ratio(scenario(seeded(seed), 10, truth), { seed, resamples: 2 });
  return { p: tTest(logs), slower: logs.mean > 0 };
}

/** A campaign of 20 cells with the noises in turn; the cells that a gate at 5% calls slower. */
function alarms(campaign: number, adjust: (p: number[]) => number[], truth = () => 1): number[] {
  const cells = Array.from({ length: 20 }, (_, cell) =>
    compare(NOISES[cell % NOISES.length]!, truth(), derive('campaign', campaign, cell)),
  );
  const adjusted = adjust(cells.map(({ p }) => p));
  return cells.flatMap(({ slower }, cell) => (slower && adjusted[cell]! <= 0.05 ? [cell] : []));
}

/** The tests of `campaigns` campaigns each. */
export function testAlarmRate(campaigns: number): void {
  it('raises an alarm in at most 5% of campaigns under Holm', (t) => {
    let raised = 0;
    for (let campaign = 0; campaign < campaigns; campaign++) if (alarms(campaign, holm).length > 0) raised++;
    t.diagnostic(`${raised} of ${campaigns} campaigns raised an alarm`);
    assert.ok(raised <= 0.05 * campaigns, `${raised} of ${campaigns}`);
    assert.ok(
      raised > 0.005 * campaigns,
      `${raised} of ${campaigns}: a gate that can't alarm proves nothing`,
    );
  });

  it('would raise one in a third of them without an adjustment', () => {
    let raised = 0;
    for (let campaign = 0; campaign < campaigns; campaign++)
      if (alarms(campaign, (p) => p).length > 0) raised++;
    assert.ok(raised > 0.25 * campaigns, `${raised} of ${campaigns}`);
  });
}
