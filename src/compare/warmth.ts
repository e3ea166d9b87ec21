import { changePoints } from '../statistics/change-points.ts';
import { condensed } from '../statistics/condense.ts';
import { mean } from '../statistics/moments.ts';
import { type Seed, derive } from '../statistics/prng.ts';
import { median } from '../statistics/quantile.ts';
import type { Iterations } from './iterations.ts';
import type { Results } from './results.ts';

export type Warmth = Results['warmth'][number];

/** Fewer iterations than this show nothing; more are condensed, because the search takes quadratic time. */
const FEWEST = 10;
const MOST = 100;
/** Smaller steps are ignored. */
const MAGNITUDE = 0.01;
/** Barrett et al. assume that a change in the last quarter of the iterations will be followed by others. */
const LAST_QUARTER = 0.75;

/**
 * How each cell warms up, from the change points of its typical trial: for each iteration the median over
 * trials, each trial relative to its own level. The terms are those of Barrett, Bolz-Tereick, Killick, Mount
 * & Tratt, "Virtual machine warmup blows hot and cold", OOPSLA 2017: flat; warm-up if the last segment is the
 * fastest; slowdown if it is not; no steady state if something changes in the last quarter. One typical trial
 * rather than each one: trials are short here, and individually show nothing.
 */
export function warmthOf(iterations: Iterable<Iterations>, seed: Seed): Warmth[] {
  const cells = new Map<string, Iterations[]>();
  for (const trial of iterations) {
    const key = JSON.stringify([trial.mode, trial.workload, trial.metric]);
    const kept = cells.get(key);
    if (kept === undefined) cells.set(key, [trial]);
    else kept.push(trial);
  }
  return [...cells].map(([key, trials]) => warmth(trials, derive(seed, 'warmth', key)));
}

function warmth(trials: readonly Iterations[], seed: Seed): Warmth {
  const { mode, workload, metric, better } = trials[0] as Iterations;
  const slower = better === 'lower' ? 1 : -1;
  const profiles = trials.map((trial) => {
    const level = mean(trial.values.slice(trial.warmup));
    return trial.values.map((value) => slower * (value - level));
  });
  const length = Math.min(...profiles.map((profile) => profile.length));
  const typical = Array.from({ length }, (_, at) => median(profiles.map((profile) => profile[at] as number)));
  const cold = trials.flatMap(({ warmup }, index) => (warmup > 0 ? (profiles[index]?.[0] ?? []) : []));
  return {
    mode,
    workload,
    metric,
    iterations: length,
    warmup: Math.max(...trials.map(({ warmup }) => warmup)),
    ...classOf(typical, seed),
    coldStart: cold.length === 0 ? null : Math.exp(-mean(cold)),
  };
}

/** @param typical higher is slower, in logs */
function classOf(typical: readonly number[], seed: Seed): Pick<Warmth, 'kind' | 'steadyFrom' | 'change'> {
  const n = typical.length;
  if (n < FEWEST) return { kind: 'too short to tell', steadyFrom: null, change: null };
  const times = condensed(typical, MOST).map(Math.exp);
  const points = changePoints(times, {
    seed,
    significance: 0.01,
    minimumSize: n < 25 ? 2 : 5,
    minimumMagnitude: MAGNITUDE,
  });
  const last = points.at(-1);
  if (last === undefined) return { kind: 'flat', steadyFrom: 0, change: null };
  const steadyFrom = Math.round((last.index * n) / times.length);
  const change = last.before / last.after - 1;
  if (last.index >= LAST_QUARTER * times.length) return { kind: 'no steady state', steadyFrom: null, change };
  const fastest = Math.min(...points.map(({ before }) => before));
  return { kind: last.after <= fastest ? 'warm-up' : 'slowdown', steadyFrom, change };
}
