/** Explains in words how a ratio's intervals disagree. */
import type { HodgesLehmann } from './hodges-lehmann.ts';
import type { Interval } from './interval.ts';

/** The intervals of one ratio; both ends of one are null if the data can't bound it. */
export interface RatioMethods {
  readonly t: Interval;
  readonly studentised: Interval;
  readonly bootstrap: Interval;
  readonly hodgesLehmann: HodgesLehmann;
}

/** How many times wider, in logs, one interval may be than another before that is reported. */
const WIDTH_LIMIT = 3;

/** The width of intervals narrower than this is only rounding. */
const NO_WIDTH = 1e-12;

/**
 * How far, in half-widths of the t interval, the Hodges-Lehmann estimate may be from the mean. A single
 * outlier moves the mean by 0.44 of them at ten blocks, however far off it is, because it also widens the
 * interval; normal data do so in about 1% of experiments.
 */
const DRAG_LIMIT = 1 / 3;

/**
 * Undefined if the intervals agree. They disagree if one contains 1 and another lies to one side of it, if
 * the Hodges-Lehmann estimate is far from the mean (a few blocks drag it), or if one is over three times as
 * wide as another. Methods without an interval are ignored.
 */
export function disagreementOf(methods: RatioMethods): string | undefined {
  const known = [
    { name: 't', interval: methods.t },
    { name: 'studentised', interval: methods.studentised },
    { name: 'bootstrap', interval: methods.bootstrap },
    { name: 'Hodges-Lehmann', interval: methods.hodgesLehmann },
  ].flatMap(({ name, interval }) => bounded(name, interval));
  return sides(known) ?? draggedMean(methods) ?? widths(known);
}

interface Bounded {
  readonly name: string;
  readonly low: number;
  readonly high: number;
}

function bounded(name: string, { low, high }: Interval): Bounded[] {
  return low === null || high === null ? [] : [{ name, low, high }];
}

function sides(known: readonly Bounded[]): string | undefined {
  const side = ({ low, high }: Bounded) => (high < 1 ? 'lies below 1' : low > 1 ? 'lies above 1' : 'holds 1');
  if (new Set(known.map(side)).size < 2) return undefined;
  return known.map((one) => `${describe(one)} ${side(one)}`).join(', ');
}

/** What shows whether a mean is dragged. */
interface DragSigns {
  readonly t: Interval;
  readonly hodgesLehmann: { readonly estimate: number };
}

/**
 * The explanation if a few blocks drag the mean away from where most of them lie: the sign of a rare state,
 * for which no interval from a few blocks can be trusted. Undefined if they don't.
 */
export function draggedMean({ t, hodgesLehmann }: DragSigns): string | undefined {
  if (t.low === null || t.high === null) return undefined;
  const middle = (Math.log(t.high) + Math.log(t.low)) / 2;
  const half = (Math.log(t.high) - Math.log(t.low)) / 2;
  const distance = Math.abs(Math.log(hodgesLehmann.estimate) - middle);
  if (distance <= DRAG_LIMIT * half + NO_WIDTH) return undefined;
  return `few blocks drag the mean: ${figure(Math.exp(middle))}, but the Hodges-Lehmann estimate is ${figure(hodgesLehmann.estimate)}`;
}

function widths(known: readonly Bounded[]): string | undefined {
  const byWidth = known.toSorted((a, b) => width(a) - width(b));
  const [narrow, wide] = [byWidth[0], byWidth.at(-1)];
  if (narrow === undefined || wide === undefined || width(wide) <= WIDTH_LIMIT * width(narrow) + NO_WIDTH)
    return undefined;
  return `${describe(wide)} is over ${WIDTH_LIMIT} times as wide as ${describe(narrow)}`;
}

const width = ({ low, high }: Bounded) => Math.log(high) - Math.log(low);
const figure = (value: number) => value.toPrecision(4);
const describe = ({ name, low, high }: Bounded) => `${name} [${figure(low)}, ${figure(high)}]`;
