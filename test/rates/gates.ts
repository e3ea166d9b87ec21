/** How often a gate raises a false alarm, misses a slowdown, or is inconclusive. */
import { alarmsIn, foundIn, passesIn } from '../gate/gate-alarms.ts';
import { type Rate, rateOf } from './rate.ts';

const HEADING = 'Gates of 20 cells, ten blocks a run';

export function gateRates(campaigns: number): Rate[] {
  const found = foundIn(campaigns, 0.02);
  return [
    rateOf(HEADING, 'nothing changed: an alarm', alarmsIn(campaigns), campaigns, { most: 5 }),
    rateOf(HEADING, 'nothing changed, no margin: an alarm', alarmsIn(campaigns, 0), campaigns, { most: 5 }),
    rateOf(
      HEADING,
      `one cell takes 5% longer, sd 2%, at the ${found.blocks} blocks that plan recommends: found`,
      found.found,
      campaigns,
      { least: 95 },
    ),
    ...(
      [
        ['normal', 95],
        ['bimodal', 95],
        ['exponential', 85],
        ['t, three degrees of freedom', 60],
      ] as const
    ).map(([name, least]) =>
      rateOf(
        HEADING,
        `nothing changed, a margin of ten standard deviations of an arm, ${name}: passed`,
        passesIn(campaigns, name),
        campaigns,
        { least },
      ),
    ),
  ];
}
