import type { Plan } from '../plan/plan.ts';
import type { RunRecord } from '../record/run-record.ts';
import { machineStatesOf } from './machine-states.ts';
import type { Results } from './results.ts';

type History = Pick<
  Results,
  | 'origin'
  | 'versions'
  | 'started'
  | 'ended'
  | 'endReason'
  | 'trials'
  | 'unsuccessful'
  | 'incidents'
  | 'recovery'
  | 'machineBoots'
  | 'machineStates'
  | 'attestations'
  | 'environment'
  | 'noise'
  | 'counters'
>;

/** The parts of the results that are recorded rather than computed. */
export function historyOf(plan: Plan, record: RunRecord): History {
  const visits = record.visits;
  return {
    ...(record.origin === undefined ? {} : { origin: record.origin }),
    versions: record.sessions.at(-1)?.versions ?? {},
    started: record.started,
    ended: record.newest,
    endReason: record.endReason,
    ...outcomesOf(plan, record),
    incidents: record.incidents,
    ...recoveryOf(record),
    ...(record.machineBoots.length === 0
      ? {}
      : { machineBoots: record.machineBoots.map(withoutCommandLine) }),
    ...statesOf(record),
    attestations: visits.flatMap(({ block, mode, attestations }) =>
      attestations.map(({ when, ...rest }) => ({ block, mode, when, ...rest })),
    ),
    environment: [...record.targets.values()].map(({ target, shell, clock, fingerprint }) => ({
      target,
      shell,
      clock,
      fingerprint,
    })),
    noise: visits.flatMap(({ block, mode, noise }) => noise.map((one) => ({ block, mode, ...one }))),
    counters: visits.flatMap(({ block, mode, counters }) => counters.map((one) => ({ block, mode, ...one }))),
  };
}

/** It is among the facts of the machine, which `report --redact` removes. */
function withoutCommandLine<One extends { system: string }>(one: One): One {
  return { ...one, system: one.system.split('; ').slice(0, 2).join('; ') };
}

function statesOf(record: RunRecord): Pick<History, 'machineStates'> {
  const machineStates = machineStatesOf(record);
  return machineStates.length === 0 ? {} : { machineStates };
}

function recoveryOf({ rungs, quarantined }: RunRecord): Pick<History, 'recovery'> {
  if (rungs.length === 0 && quarantined.size === 0) return {};
  return { recovery: { rungs, quarantined: Object.fromEntries(quarantined) } };
}

function outcomesOf(plan: Plan, record: RunRecord): Pick<History, 'trials' | 'unsuccessful'> {
  const outcomes = plan.trials.map((trial) => ({
    trial,
    outcome: record.trials.get(trial.id)?.outcome ?? null,
  }));
  const number = (kind: string) => outcomes.filter(({ outcome }) => outcome?.kind === kind).length;
  const ended = {
    completed: number('completed'),
    failed: number('failed'),
    'timed-out': number('timed-out'),
    void: number('void'),
  };
  const skipped = number('skipped');
  const done = Object.values(ended).reduce((sum, count) => sum + count, skipped);
  return {
    trials: {
      planned: plan.trials.length,
      ...ended,
      pending: plan.trials.length - done,
      ...(skipped === 0 ? {} : { skipped }),
    },
    unsuccessful: outcomes.flatMap(({ trial, outcome }) =>
      outcome === null || outcome.kind === 'completed'
        ? []
        : [{ trial: trial.id, block: trial.block, mode: trial.mode, workload: trial.workload, outcome }],
    ),
  };
}

/** Trials of the plan that have no figure and will not be run any more. */
export function lostTrials({ trials }: Pick<Results, 'trials'>): number {
  return trials.failed + trials['timed-out'] + trials.void + (trials.skipped ?? 0);
}
