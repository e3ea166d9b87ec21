/** Whether a plan that a small pilot made finds what it promises, by the verdict of the run that follows. */
import { judge } from '../../src/compare/verdict.ts';
import { outlookOf } from '../../src/plan/outlook.ts';
import { standardDeviation } from '../../src/statistics/moments.ts';
import { derive, seeded } from '../../src/statistics/prng.ts';
import { ratioOf } from '../../src/statistics/ratio.ts';
import { draws, standardNormal } from '../statistics/draws.ts';
import { type Rate, rateOf } from './rate.ts';

const SD = 0.02;
const MARGIN = 0.03;
const DESIGN = { blocks: 10, margin: MARGIN, confidence: 0.95 };

export function planRates(pilots: number): Rate[] {
  const heading = `Runs of as many blocks as plan asks for the margin of ${100 * MARGIN}%, sd ${100 * SD}%`;
  return [3, 6, 10].flatMap((blocks) => {
    const random = seeded(derive('pilots', blocks));
    const noise = (n: number) => draws(n, () => SD * standardNormal(random));
    const found = { same: 0, slower: 0 };
    for (let pilot = 0; pilot < pilots; pilot++) {
      const n = outlookOf({ sd: standardDeviation(noise(blocks)), blocks }, DESIGN, 1).blocksForMargin;
      const logs = noise(n);
      const verdict = (shift: number) => {
        const shifted = logs.map((log) => log + shift);
        return judge(ratioOf(shifted, undefined, { seed: pilot, resamples: 1000 }), 'lower', MARGIN).verdict;
      };
      found.same += verdict(0) === 'same' ? 1 : 0;
      found.slower += verdict(Math.log1p(2 * MARGIN)) === 'slower' ? 1 : 0;
    }
    const bounds = { least: 80 };
    const from = `a pilot of ${blocks} blocks`;
    return [
      rateOf(heading, `${from}: no difference is told as the same`, found.same, pilots, bounds),
      rateOf(heading, `${from}: one of twice the margin as slower`, found.slower, pilots, bounds),
    ];
  });
}
