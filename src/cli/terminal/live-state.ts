import type { Comparison } from '../../compare/results.ts';
import type { Experiment } from '../../experiment/schema.ts';
import { type KnownDurations, cellKey, estimate } from '../../plan/estimate.ts';
import type { Plan, PlannedTrial } from '../../plan/plan.ts';
import type { Outcome } from '../../record/event.ts';
import type { Activity, RunRecord } from '../../record/run-record.ts';
import { incidentWords } from '../../words/incident.ts';

/** What someone watching a run wants to know. */
export interface LiveState {
  name: string;
  block: number;
  blocks: number;
  /** Trials that ended, or that adaptive stopping made unnecessary, out of all planned. */
  done: number;
  trials: number;
  mode: string;
  workload: string;
  sample: number;
  warmup: boolean;
  samples: number;
  /** Expected remaining time, in ms; null while unknown. */
  leftMs: number | null;
  /** The part of it for the trial that is running or comes next. */
  currentMs: number | null;
  /** In this session. */
  incidents: { count: number; last: string };
  comparisons: readonly Comparison[];
  /** What is being done between trials; empty while one runs. */
  doing: string;
}

/** What the watcher of a session knows in addition to the run's record. */
export interface Watched {
  experiment: Experiment;
  plan: Plan;
  /** Durations of such trials in earlier runs, in ms, by `cellKey`. */
  earlier: KnownDurations;
  /** Outcomes in earlier sessions of the trials that are to be run, by their ids. */
  before: ReadonlyMap<string, Outcome | null>;
  /** Incidents of earlier sessions. */
  incidentsBefore: number;
  /** The trials that adaptive stopping has made unnecessary. */
  needless: (trial: PlannedTrial) => boolean;
  comparisons: readonly Comparison[];
}

/** The state of a run. Pure. */
export function liveStateOf(watched: Watched, record: RunRecord): LiveState {
  const { experiment, plan, earlier, before, incidentsBefore, needless, comparisons } = watched;
  const planned = new Map(plan.trials.map((trial) => [trial.id, trial]));
  const current = record.current === null ? undefined : planned.get(record.current.trial);
  const left = plan.trials.filter((trial) => isLeft(trial, record, before) && !needless(trial));
  const paces = pacesOf(planned, record, earlier);
  const last = record.incidents.at(-1);
  return {
    name: plan.experiment,
    block: current?.block ?? 0,
    blocks: plan.blocks,
    done: plan.trials.length - left.length,
    trials: plan.trials.length,
    mode: current?.mode ?? '',
    workload: current?.workload ?? '',
    sample: record.current?.sample ?? 0,
    warmup: record.current?.warmup ?? false,
    samples: experiment.design.samples,
    leftMs: estimate(experiment, left, paces).expectedMs,
    currentMs: estimate(experiment, left.slice(0, 1), paces).expectedMs,
    incidents: {
      count: record.incidents.length - incidentsBefore,
      last: last === undefined ? '' : incidentWords(last),
    },
    comparisons,
    doing: wordsOf(record.activity),
  };
}

/** The outcomes, before a session starts, of the trials that it is to run. */
export function outcomesBefore({
  pending,
  record,
}: {
  pending: readonly PlannedTrial[];
  record: RunRecord;
}): Watched['before'] {
  return new Map(pending.map(({ id }) => [id, record.trials.get(id)?.outcome ?? null]));
}

/** While a trial is run again, its earlier outcome stands until it ends. */
function isLeft({ id }: PlannedTrial, record: RunRecord, before: Watched['before']): boolean {
  const outcome = record.trials.get(id)?.outcome ?? null;
  return before.has(id) && (outcome === null || outcome.kind === 'aborted' || outcome === before.get(id));
}

/**
 * How long trials take, including what precedes them. Recent ones weigh most: the remaining trials resemble
 * them more.
 */
function pacesOf(
  planned: ReadonlyMap<string, PlannedTrial>,
  record: RunRecord,
  earlier: KnownDurations,
): KnownDurations {
  const known = new Map(earlier);
  for (const [id, { sinceMs, endedMs }] of record.trials) {
    const trial = planned.get(id);
    if (trial === undefined || sinceMs === null || endedMs === null) continue;
    const key = cellKey(trial);
    const took = endedMs - sinceMs;
    known.set(key, ((known.get(key) ?? took) + took) / 2);
  }
  return known;
}

function wordsOf(activity: Activity): string {
  switch (activity.doing) {
    case 'connecting':
      return 'connecting';
    case 'booting':
      return activity.boot === null
        ? `restarting ${activity.machine}`
        : `booting ${activity.machine} as ${activity.boot}`;
    case 'preparing':
      return `preparing ${activity.mode}`;
    case 'attested':
      return `attested ${activity.mode} ${activity.when} its trials`;
    case 'restoring':
      return 'putting the target back';
    case 'sampling':
      return '';
  }
}
