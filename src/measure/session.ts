import { rmSync } from 'node:fs';
import { controlDirectory } from '../process/control-directory.ts';
import { hasGpu } from '../environment/fingerprint.ts';
import type { Experiment } from '../experiment/schema.ts';
import { workloadName } from '../workload/kind.ts';
import type { TargetSpec } from '../experiment/target-schema.ts';
import type { Mode } from '../mode/mode.ts';
import { guestsOf } from '../mode/kind.ts';
import { modeFor } from '../mode/kinds.ts';
import { type Plan, type PlannedTrial, visits } from '../plan/plan.ts';
import type { Emit, EventOf } from '../record/event.ts';
import { JOURNAL_FORMAT } from '../record/event.ts';
import { pendingTrials } from '../record/progress.ts';
import type { RunRecord } from '../record/run-record.ts';
import type { Address } from '../target/ssh.ts';
import type { Target } from '../target/target.ts';
import { type WorkloadSpec, workloadFor } from '../workload/kinds.ts';
import { awakeTargets } from './awake.ts';
import { type Greet, greeter, meet, requireAnswer } from './greet.ts';
import { forEachTarget } from './for-each-target.ts';
import { undoHeld, wakingOf } from './held.ts';
import { endAll, skipAll } from './end-trials.ts';
import { Quarantine } from './ladder.ts';
import { leaveOrTell, leaveSleeping } from './leave.ts';
import { Machines } from './machines.ts';
import { makeTargets, useOf } from './targets.ts';
import { type TrialStart, runTrial } from './trial.ts';
import { programsAt } from './needs.ts';
import { placedIn } from './sites.ts';
import { undoAll } from './undo.ts';
import type { Unkept } from './unkept.ts';
import { visitMode } from './visit.ts';
import { requireWork } from './workable.ts';

/** What a session does, independent of how targets are reached. */
export interface SessionWork {
  experiment: Experiment;
  plan: Plan;
  /** What earlier sessions of this run left in the journal; changes as events are emitted. */
  record: RunRecord;
  /** Names the run's files on the targets; at least 64 random bits, because /tmp there is shared. */
  token: string;
  /** Rerun what failed, timed out or was void. */
  retry: boolean;
  /** Run even if no trial can give a figure. */
  keepGoing: boolean;
  emit: Emit;
  interrupt: AbortSignal;
  /** Why the journal can't be written; undefined as long as it can. */
  unkept: () => Unkept | undefined;
  /** Asked before each block what has become unnecessary, and why if nothing remains. */
  settled: () => {
    reason: 'precision' | 'plateau' | null;
    skip: (trial: PlannedTrial) => boolean;
  };
}

export interface SessionOptions extends SessionWork {
  /** The address of a target of the experiment file. */
  addressOf: (target: TargetSpec) => Address;
}

export type EndReason = EventOf<'run-ended'>['reason'];

/**
 * One session of a run: undoes what an earlier one left changed, then runs the pending trials of the plan,
 * visit by visit, and journals why it ended. Leaves no process and no socket behind.
 */
export async function runSession(options: SessionOptions): Promise<EndReason> {
  const control = await controlDirectory();
  try {
    const { experiment, addressOf, record, token } = options;
    const use = useOf(experiment, token, record);
    return await sessionOn(makeTargets(experiment, control, addressOf, use), options);
  } finally {
    rmSync(control, { recursive: true, force: true });
  }
}

/** The same on existing targets; they are closed at its end. */
export async function sessionOn(
  targets: ReadonlyMap<string, Target>,
  options: SessionWork,
): Promise<EndReason> {
  const { experiment, emit, unkept, interrupt } = options;
  const hurry = () => {
    for (const target of targets.values()) target.hurry();
  };
  interrupt.addEventListener('abort', hurry);
  let reason: EndReason = 'failed';
  // A copy: what is undone leaves the record.
  const { pendingUndo } = options.record;
  const pending = [...pendingUndo.values()];
  const held = new Set<string>();
  const machines = new Machines({ ...options, targets });
  try {
    const greet = greeter(emit, experiment['same-machine'], (target) => programsAt(target, experiment));
    const { plan, record, retry } = options;
    const toDo = pending.length + pendingTrials(plan, record, retry).length;
    if (toDo > 0 || record.cutOff) {
      await machines.find();
      await meetAll(experiment, targets, greet, emit);
    }
    // Undos for which a machine would have to be restarted wait until it is.
    await undoAll(
      pending.filter(({ target }) => !machines.isAway(target)),
      targets,
      emit,
    );
    const trials = pendingTrials(plan, record, retry);
    if (trials.length > 0 && !options.keepGoing)
      await requireWork(experiment, awakeTargets(experiment, targets), trials);
    reason = await walk(options, targets, machines, greet, held);
    return reason;
  } finally {
    interrupt.removeEventListener('abort', hurry);
    const lost = unkept();
    // An earlier session's changes may still be pending.
    if (lost === undefined) await undoHeld([], { held, pendingUndo, targets, emit });
    else await undoAll(pendingUndo.values(), targets, emit);
    if (lost?.resumable !== true) await leaveAll(options, targets, machines, reason);
    if (lost === undefined && !interrupt.aborted)
      await machines.undoEverywhere(() => [...pendingUndo.values()]);
    await machines.putBack();
    emit({ type: 'run-ended', reason });
    await Promise.all([...targets.values()].map((target) => target.close()));
  }
}

/** @throws Problem if none answers, or one may not be used. */
async function meetAll(
  experiment: Experiment,
  targets: ReadonlyMap<string, Target>,
  greet: Greet,
  emit: Emit,
): Promise<void> {
  const awake = awakeTargets(experiment, targets);
  await forEachTarget(awake, (target) => meet(target, greet, emit));
  requireAnswer(awake);
}

/**
 * Ends whatever the run left on its targets, and removes its files; paused guests are woken for it. Not if a
 * session that was cut short leaves a trial to the next one: the guests then keep what was begun.
 */
async function leaveAll(
  { experiment, record, emit, interrupt, unkept }: SessionWork,
  targets: ReadonlyMap<string, Target>,
  machines: Machines,
  reason: EndReason,
): Promise<void> {
  const inFlight = [...record.trials.values()].some(
    ({ outcome, format }) => outcome === null && format === JOURNAL_FORMAT,
  );
  if (inFlight && unkept()?.resumable !== false && (reason === 'interrupted' || reason === 'failed')) return;
  const awake = new Set(awakeTargets(experiment, targets, (name) => !machines.isAway(name)));
  const concerns = (target: Target) => target.hasFiles || (record.cutOff && record.targets.has(target.name));
  for (const [name, spec] of Object.entries(experiment.modes)) {
    const asleep = guestsOf(spec).filter((guest) => {
      const target = targets.get(guest);
      return target !== undefined && !machines.isAway(guest) && concerns(target) && !awake.has(target);
    });
    const context = { emit, interrupt };
    if (asleep.length > 0)
      await leaveSleeping(asleep, await modeFor(name, spec), experiment, targets, context);
  }
  await forEachTarget([...awake].filter(concerns), (target) => leaveOrTell(target, emit));
}

async function walk(
  options: SessionWork,
  targets: ReadonlyMap<string, Target>,
  machines: Machines,
  greet: Greet,
  held: Set<string>,
): Promise<EndReason> {
  const { experiment, plan, record, interrupt } = options;
  const workloads = new Map(
    await Promise.all(
      experiment.workloads.map(
        async (spec) => [workloadName(spec), { spec, workload: await workloadFor(spec) }] as const,
      ),
    ),
  );
  const began = performance.now() - record.spentMs;
  const trials = pendingTrials(plan, record, options.retry);
  const starts = new Map(trials.map(({ id }) => [id, startOf(id, record)]));
  const startAt = ({ id }: PlannedTrial) => starts.get(id) ?? FIRST;
  const modeOf = (name: string) => {
    const spec = experiment.modes[name];
    if (spec === undefined)
      throw new Error(`the plan names a mode ${name} that the experiment does not have`);
    return modeFor(name, spec);
  };
  const attemptOf = (trial: PlannedTrial) => startAt(trial).attempt;
  const quarantine = new Quarantine(record.quarantined, options.emit);
  let block = 0;
  let { reason, skip } = options.settled();
  const all = [...visits(trials)];
  for (const [index, whole] of all.entries()) {
    if (interrupt.aborted) return 'interrupted';
    if (whole.block !== block && block !== 0) {
      ({ reason, skip } = options.settled());
      if (experiment.design.budget !== undefined && performance.now() - began > experiment.design.budget)
        return reason ?? 'budget';
    }
    if (reason !== null) return reason;
    if (whole.block !== block && block !== 0)
      await tryAgain(awakeTargets(experiment, targets), greet, options.emit);
    block = whole.block;
    const visit = { ...whole, trials: whole.trials.filter((trial) => !skip(trial)) };
    if (visit.trials.length === 0) continue;
    const given = quarantine.reason(visit.mode);
    if (given !== undefined) {
      skipAll(visit.trials, given, { emit: options.emit, attemptOf });
      continue;
    }
    const unbooted = await machines.enter(visit.mode, visit.block, () =>
      undoHeld([], { held, pendingUndo: record.pendingUndo, targets, emit: options.emit }),
    );
    if (options.interrupt.aborted) return 'interrupted';
    if (unbooted !== undefined) {
      const reason = `mode ${visit.mode} could not be entered: ${unbooted}`;
      endAll(visit.trials, { kind: 'failed', transport: true, reason }, { emit: options.emit, attemptOf });
      quarantine.visited(visit.mode, unbooted);
      continue;
    }
    const mode = await modeOf(visit.mode);
    const hung = await visitMode(visit, {
      experiment,
      mode,
      targets,
      pendingUndo: record.pendingUndo,
      held,
      clocksources: record.clocksources,
      gpus: record.gpus,
      hasGpu: (target) => hasGpu(record.targets.get(target)?.fingerprint ?? {}),
      next: async () => {
        const after = all[index + 1];
        return after === undefined || machines.restartsFor(after.mode, after.block)
          ? []
          : wakingOf(await modeOf(after.mode), placedIn(after.mode, experiment, targets, options.emit));
      },
      emit: options.emit,
      interrupt,
      unkept: options.unkept,
      greet,
      attemptOf,
      run: (trial, on) => {
        const found = workloads.get(trial.workload);
        if (found === undefined)
          throw new Error(`the plan names a workload ${trial.workload} that the experiment does not have`);
        return runTrial(trial, startAt(trial), {
          ...trialContext(options, mode, found.spec),
          workload: found.workload,
          guests: on,
        });
      },
    });
    quarantine.visited(visit.mode, hung);
  }
  return interrupt.aborted ? 'interrupted' : 'completed';
}

/**
 * Targets that were given up get another chance in each block, in parallel, rather than in each of its
 * visits.
 */
async function tryAgain(targets: readonly Target[], greet: Greet, emit: Emit): Promise<void> {
  await forEachTarget(
    targets.filter(({ unreachable }) => unreachable !== undefined),
    (target) => meet(target, greet, emit),
  );
}

function trialContext(options: SessionWork, mode: Mode, spec: WorkloadSpec) {
  const { experiment, emit, interrupt } = options;
  return {
    experiment,
    mode,
    emit,
    interrupt,
    limitMs: spec.timeout ?? experiment.limits.trial,
  };
}

const FIRST: TrialStart = { attempt: 1, samplesDone: 0, resumed: false };

/**
 * Where a pending trial starts: a new attempt if the last one ended without a figure, was not attested, or
 * was begun by an older vgpubench, whose files in the guest we can't read; else where its attempt stopped.
 */
function startOf(id: string, record: RunRecord): TrialStart {
  const seen = record.trials.get(id);
  if (seen === undefined) return FIRST;
  const over = seen.outcome !== null && (seen.outcome.kind !== 'aborted' || seen.unproved === true);
  if (over || seen.format !== JOURNAL_FORMAT) return { ...FIRST, attempt: seen.attempt + 1 };
  return { attempt: seen.attempt, samplesDone: seen.samplesDone, resumed: true };
}
