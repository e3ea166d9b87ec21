import { z } from 'zod';
import { costRange } from '../words/units.ts';

/** What one of a kind may cost on hardware, in ns, and how that is known. */
export interface HardwareCost {
  low: number;
  high: number;
  source: string;
}

/**
 * By kind of crossing, or of page that is mapped or unmapped; `crossing` is what every crossing costs whose kind is not
 * among them. A page without a cost of its own costs nothing.
 */
export type HardwareCosts = Readonly<Record<string, HardwareCost>>;

export const hardwareCostsSchema = z
  .record(z.string().min(1), costRange)
  .optional()
  .describe(
    'What its crossings cost on the hardware that is meant, such as { crossing: 5us to 20us, pagesUnmapped: 300ns }: by kind, or for every kind that is not named as crossing. In the place of what `vgpubench list modes NAME` tells; the report has the range of performance that follows from the counts.',
  );

/** A kind's own costs, with what an experiment has in their place. */
export function hardwareCostsOf(
  known: HardwareCosts | undefined,
  given: z.output<typeof hardwareCostsSchema>,
): HardwareCosts | undefined {
  if (given === undefined) return known;
  const own = Object.entries(given).map(([kind, range]) => [kind, { ...range, source: 'the experiment' }]);
  return { ...known, ...(Object.fromEntries(own) as HardwareCosts) };
}

const us = 1000;

const PAGE_MAPPED = {
  low: 0.1 * us,
  high: 1 * us,
  source: 'assumed: a page-table entry of the hypervisor’s',
};
const PAGE_UNMAPPED = {
  ...{ low: 0.2 * us, high: 2 * us },
  source: 'assumed: a page-table entry, and its share of flushing the TLBs',
};

/** A request that is served by polling shared memory, from both sides. */
export const POLLED_REQUEST: HardwareCosts = {
  crossing: {
    low: 1 * us,
    high: 10 * us,
    source:
      'assumed: two passes of a cache line between cores, some 100 ns each, and the driver’s own work on the request',
  },
  ...{ pagesMapped: PAGE_MAPPED, pagesUnmapped: PAGE_UNMAPPED },
  ...{ pagesGrantMapped: PAGE_MAPPED, pagesGrantUnmapped: PAGE_UNMAPPED },
};

/** An access that leaves the guest, is told to a program in another domain, and is answered. */
export const TRAP: HardwareCosts = {
  crossing: {
    low: 5 * us,
    high: 20 * us,
    source:
      'assumed: leaving the guest, an event to dom0, the mediator’s look at the access, and the way back',
  },
};

/** An access that leaves the guest, and is answered by a mediator in the kernel below. */
export const TRAP_TO_KERNEL: HardwareCosts = {
  crossing: {
    low: 1 * us,
    high: 10 * us,
    source:
      'assumed: leaving the guest, the mediator’s look at the access in the kernel below, and the way back',
  },
};

/** A message over a ring with an event each way. */
export const MESSAGE: HardwareCosts = {
  crossing: {
    low: 10 * us,
    high: 50 * us,
    source: 'assumed: an event channel and a process to wake each way, and a copy of the arguments',
  },
};
