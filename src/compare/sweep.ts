import { type Hyperbola, fitHyperbola } from '../statistics/hyperbola.ts';
import type { Comparison, Results } from './results.ts';
import { performance } from './verdict.ts';

/** One workload with different amounts of work, in one mode. */
export interface Sweep {
  mode: string;
  /** The workloads’ common name. */
  family: string;
  metric: string;
  /** By amount of work; `time` is that of the baseline ÷ performance, so 1 is no overhead. */
  points: { x: number; time: number; low: number | null; high: number | null }[];
  fit: Hyperbola;
}

/** A name that ends in a number, such as mmul-1024: the number is the amount of work. */
const SWEPT = /^(.*?)[-_.]?(\d+)$/;

/** Families of three workloads or more whose names differ in the number at their end. */
export function sweepsOf({ comparisons }: Results): Sweep[] {
  const families = new Map<string, { one: Comparison; family: string; x: number }[]>();
  for (const one of comparisons) {
    const [, family = '', number = ''] = SWEPT.exec(one.workload) ?? [];
    const x = Number(number);
    if (family === '' || x <= 0 || one.ratio === null) continue;
    const key = JSON.stringify([one.mode, family, one.metric]);
    families.set(key, [...(families.get(key) ?? []), { one, family, x }]);
  }
  return [...families.values()].flatMap((members) => {
    const points = members.map(({ one, x }) => pointOf(one, x)).sort((a, b) => a.x - b.x);
    const fit = fitHyperbola(points.map(({ x, time }) => ({ x, y: time })));
    const [first] = members;
    if (fit === undefined || first === undefined) return [];
    return [{ mode: first.one.mode, family: first.family, metric: first.one.metric, points, fit }];
  });
}

function pointOf(one: Comparison, x: number): Sweep['points'][number] {
  const { ratio, low, high } = performance(one.ratio, one.low, one.high, one.better);
  const inverse = (value: number | null) => (value === null ? null : 1 / value);
  return { x, time: 1 / (ratio ?? 1), low: inverse(high), high: inverse(low) };
}
