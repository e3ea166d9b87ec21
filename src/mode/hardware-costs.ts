import { z } from 'zod';
import { costRange } from '../words/units.ts';

/** The assumed cost of one of a kind on hardware, in ns, and its source. */
export interface HardwareCost {
  low: number;
  high: number;
  source: string;
}

/**
 * By kind of crossing, or of page that is mapped or unmapped; `crossing` applies to every kind of crossing
 * not listed. A page without a listed cost costs nothing.
 */
export type HardwareCosts = Readonly<Record<string, HardwareCost>>;

export const hardwareCostsSchema = z
  .record(z.string().min(1), costRange)
  .optional()
  .describe(
    'The cost of its crossings on the hardware to be modelled, such as { crossing: 5us to 20us, pagesUnmapped: 300ns }: by kind, or as crossing for every other kind. Overrides the costs listed by `vgpubench list modes NAME`; the report shows the range of performance that follows from the counts.',
  );

/** A kind's own costs, overridden by those of an experiment. */
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
  source: 'assumed: a page-table entry of the hypervisor',
};
const PAGE_UNMAPPED = {
  ...{ low: 0.2 * us, high: 2 * us },
  source: 'assumed: a page-table entry, and its share of flushing the TLBs',
};

/** A request served by polling shared memory on both sides. */
export const POLLED_REQUEST: HardwareCosts = {
  crossing: {
    low: 1 * us,
    high: 10 * us,
    source:
      'assumed: two transfers of a cache line between cores, some 100 ns each, and the driver’s work on the request',
  },
  ...{ pagesMapped: PAGE_MAPPED, pagesUnmapped: PAGE_UNMAPPED },
  ...{ pagesGrantMapped: PAGE_MAPPED, pagesGrantUnmapped: PAGE_UNMAPPED },
};

/** An access that exits the guest, is passed to a program in another domain, and is answered. */
export const TRAP: HardwareCosts = {
  crossing: {
    low: 5 * us,
    high: 20 * us,
    source: 'assumed: a VM exit, an event to dom0, the mediator’s handling of the access, and the way back',
  },
};

/** An access that exits the guest, and is answered by a mediator in the kernel below. */
export const TRAP_TO_KERNEL: HardwareCosts = {
  crossing: {
    low: 1 * us,
    high: 10 * us,
    source:
      'assumed: a VM exit, the mediator’s handling of the access in the host’s kernel, and the way back',
  },
};

/** A message over a ring with an event in each direction. */
export const MESSAGE: HardwareCosts = {
  crossing: {
    low: 10 * us,
    high: 50 * us,
    source: 'assumed: an event channel and a process wake-up in each direction, and a copy of the arguments',
  },
};
