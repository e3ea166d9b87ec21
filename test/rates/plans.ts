/** Whether a plan that a small pilot made finds what it promises, by the verdict of the run that follows. */
import { spreadOf } from '../../src/compare/pilot.ts';
import { judge } from '../../src/compare/verdict.ts';
import { outlookOf } from '../../src/plan/outlook.ts';
import { derive } from '../../src/statistics/prng.ts';
import { ratioOf } from '../../src/statistics/ratio.ts';
import { autoregressive } from '../statistics/series.ts';
import { type Rate, rateOf } from './rate.ts';

const SD = 0.02;
const MARGIN = 0.03;
const DESIGN = { blocks: 10, margin: MARGIN, confidence: 0.95 };

export function planRates(pilots: number): Rate[] {
  const heading = `Runs of as many blocks as plan asks for the margin of ${100 * MARGIN}%, sd ${100 * SD}%`;
  return [
    { blocks: 3, correlation: 0 },
    { blocks: 6, correlation: 0 },
    { blocks: 10, correlation: 0 },
    { blocks: 20, correlation: 0.6 },
  ].flatMap(({ blocks, correlation }) => {
    const found = { same: 0, slower: 0 };
    for (let pilot = 0; pilot < pilots; pilot++) {
      const noise = (n: number, what: string) =>
        autoregressive(n, correlation, derive(what, blocks, pilot)).map((value) => SD * value);
      const n = outlookOf(spreadOf(noise(blocks, 'pilot'), String(pilot)), DESIGN, 1).blocksForMargin;
      const logs = noise(n, 'run');
      const verdict = (shift: number) => {
        const shifted = logs.map((log) => log + shift);
        return judge(ratioOf(shifted, undefined, { seed: pilot, resamples: 1000 }), 'lower', MARGIN).verdict;
      };
      found.same += verdict(0) === 'same' ? 1 : 0;
      found.slower += verdict(Math.log1p(2 * MARGIN)) === 'slower' ? 1 : 0;
    }
    // Some pilots of twenty blocks don't show that these depend on each other.
    const bounds = { least: correlation === 0 ? 80 : 70 };
    const from = `a pilot of ${blocks} blocks${correlation === 0 ? '' : `, correlation of ${correlation} between them`}`;
    return [
      rateOf(heading, `${from}: no difference is told as the same`, found.same, pilots, bounds),
      rateOf(heading, `${from}: one of twice the margin as slower`, found.slower, pilots, bounds),
    ];
  });
}
