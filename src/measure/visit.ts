import { setTimeout as sleep } from 'node:timers/promises';
import type { Experiment } from '../experiment/schema.ts';
import type { Change, Finding, Mode } from '../mode/mode.ts';
import type { PlannedTrial, Visit } from '../plan/plan.ts';
import { Problem, messageOf } from '../problem.ts';
import type { Emit, Outcome } from '../record/event.ts';
import type { PendingUndo } from '../record/run-record.ts';
import { LinkLost } from '../target/link.ts';
import type { Target } from '../target/target.ts';
import { make } from './changes.ts';
import { againstMode } from './findings.ts';
import { type Greet, reach } from './greet.ts';
import { leftoverWords } from './leftover.ts';
import { type Neighbour, neighbourOf } from './neighbour.ts';
import { readNoise, tellNoise } from './noise.ts';
import { exports } from '../words/quote.ts';
import { type Placed, linkIncident, sitesOf } from './sites.ts';
import { undoAll } from './undo.ts';
import { endsUnkept } from './unkept.ts';

export interface VisitContext {
  experiment: Experiment;
  mode: Mode;
  targets: ReadonlyMap<string, Target>;
  emit: Emit;
  interrupt: AbortSignal;
  /** Told of each target that answers: what it is goes into the journal, once a boot. */
  greet: Greet;
  attemptOf: (trial: PlannedTrial) => number;
  run: (trial: PlannedTrial, guests: readonly Placed[]) => Promise<Outcome>;
}

/**
 * A visit is one stay in its mode, or more: where a trial hung or took its guest along, nothing is known about
 * the GPU any more, so the mode is left, which resets what it can, and entered again for the trials that follow.
 */
export async function visitMode(visit: Visit, context: VisitContext): Promise<void> {
  let trials: readonly PlannedTrial[] = visit.trials;
  while (trials.length > 0) {
    const rest = await stay({ ...visit, trials: [...trials] }, context);
    if (context.interrupt.aborted) return;
    if (rest.length > 0)
      context.emit({
        type: 'incident',
        kind: 'recovery',
        target: null,
        trial: trials[trials.length - rest.length - 1]?.id ?? null,
        text: `${visit.mode} was left after it, and is entered again for the ${rest.length} trials that follow`,
      });
    trials = rest;
  }
}

/** Where the mode is entered for a stay. */
interface Stay {
  /** All of its guests, a neighbour's too. */
  sites: Placed[];
  /** Those that run its trials. */
  own: Placed[];
  neighbour: Neighbour | undefined;
}

function beginStay(visit: Visit, { experiment, mode, targets, emit }: VisitContext): Stay {
  const { on = [], neighbour } = experiment.modes[visit.mode] ?? {};
  const own = sitesOf(on, experiment, targets, emit);
  if (neighbour === undefined) return { sites: own, own, neighbour: undefined };
  const beside = sitesOf(neighbour.on, experiment, targets, emit);
  return {
    sites: [...own, ...beside],
    own,
    neighbour: neighbourOf(
      { command: neighbour.run, ran: `${exports(mode.environment)}${mode.wrap(neighbour.run)}` },
      beside.map(({ site }) => site),
    ),
  };
}

function change(changes: readonly Change[], context: VisitContext, undos: PendingUndo[]): Promise<void> {
  return make(changes, context.mode.name, context.targets, undos, context.emit);
}

/**
 * A stay in one mode: prepare, attest, run the trials, attest again, put everything back. A trial that is not
 * proved to have run in its mode, from before and from after, is void.
 * @returns the trials after one that ended the stay.
 */
async function stay(visit: Visit, context: VisitContext): Promise<readonly PlannedTrial[]> {
  const stay = beginStay(visit, context);
  const { sites, neighbour } = stay;
  const [awake, undos]: [PendingUndo[], PendingUndo[]] = [[], []];
  const open = new Set(visit.trials);
  try {
    await wake(sites, context, awake);
    for (const { site } of sites) await change(await context.mode.prepare(site), context, undos);
    await change(neighbour?.changes ?? [], context, undos);
    const [doubts] = await Promise.all([
      attest(visit, 'before', stay, context),
      ...stay.own.map(({ target }) => beginVisit(target, context)),
    ]);
    // What is left of an interrupted visit, resume goes on with.
    if (context.interrupt.aborted) return [...open];
    if (doubts !== undefined) {
      endAll(visit.trials, { kind: 'void', reason: doubts }, context);
      return [];
    }
    await runTrials(visit, open, stay, context);
    return [...open];
  } catch (error) {
    if (context.interrupt.aborted) return [...open];
    const why = error instanceof LinkLost ? error.words : messageOf(error);
    const reason = `mode ${visit.mode} could not be entered: ${why}`;
    endAll([...open], { kind: 'failed', transport: error instanceof LinkLost, reason }, context);
    return [];
  } finally {
    if (!endsUnkept(context.interrupt)) await endVisit(stay.own, context);
    await undoAll(undos, context.targets, context.emit);
    // A guest that falls asleep leaves a connection behind that only looks alive.
    if (awake.length > 0) await Promise.all(sites.map(({ target }) => target.close()));
    await undoAll(awake, context.targets, context.emit);
  }
}

/** Opens the stream that its trials share meanwhile: what hinders it, the first trial meets again, and tells. */
async function beginVisit(target: Target, { experiment }: VisitContext): Promise<void> {
  try {
    await target.beginVisit(experiment.limits.output);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
  }
}

/** Has it in the journal where a trial's files will be, before it begins: that may have changed for want of room. */
async function whereItIs(target: Target, { greet }: VisitContext): Promise<void> {
  try {
    await greet(target);
  } catch (error) {
    // What hinders it, the trial meets again, and tells.
    if (!(error instanceof Problem)) throw error;
  }
}

/** The stay's streams are closed, and what its trials kept in the guests is removed. */
async function endVisit(guests: readonly Placed[], { emit }: VisitContext): Promise<void> {
  await Promise.all(
    guests.map(async ({ target }) => {
      try {
        const words = leftoverWords(await target.endVisit());
        if (words !== undefined)
          emit({ type: 'incident', kind: 'leftover', target: target.name, trial: null, text: words });
      } catch (error) {
        if (!(error instanceof LinkLost)) throw error;
        linkIncident(target, error, emit);
      }
    }),
  );
}

/** Has the mode's guests answer: those that sleep are woken, and those that still don't are made anew, once. */
async function wake(sites: readonly Placed[], context: VisitContext, awake: PendingUndo[]): Promise<void> {
  const { mode } = context;
  const guests = sites.map(({ target }) => target);
  if (mode.wake === undefined) {
    await reachAll(guests, context);
    return;
  }
  const places = sites.map(({ site }) => site);
  await reachAll(
    sites.flatMap(({ host }) => host ?? []),
    context,
  );
  await change(await mode.wake(places), context, awake);
  try {
    await reachAll(guests, context, true);
  } catch (error) {
    if (mode.revive === undefined || !(error instanceof LinkLost)) throw error;
    const text = `${guests.map(({ name }) => name).join(', ')}: no answer (${error.found ?? error.message}), so made anew`;
    context.emit({ type: 'incident', kind: 'recovery', target: null, trial: null, text });
    await change(await mode.revive(places), context, awake);
    await change(await mode.wake(places), context, awake);
    await awaitBoot(guests, context);
  }
}

/** What starts a guest need not wait until it is up. */
const BOOT_MS = 120_000;
const BOOT_POLL_MS = 500;

/** @throws LinkLost where they don't answer in time, or the user does not wait for it. */
async function awaitBoot(guests: readonly Target[], context: VisitContext): Promise<void> {
  const deadline = performance.now() + BOOT_MS;
  for (;;) {
    try {
      await Promise.all(guests.map((guest) => guest.reconnect(() => undefined)));
      break;
    } catch (error) {
      const late = performance.now() > deadline || context.interrupt.aborted;
      if (late || !(error instanceof LinkLost)) throw error;
      await sleep(BOOT_POLL_MS);
    }
  }
  await Promise.all(guests.map(context.greet));
}

/** @param asleep They slept until now, so that what was known of them says nothing. */
async function reachAll(targets: readonly Target[], context: VisitContext, asleep = false): Promise<void> {
  await Promise.all(
    [...new Set(targets)].map(async (target) => {
      // It has its next chance with the next block.
      if (!asleep && target.unreachable !== undefined) throw target.unreachable;
      await reach(target, context.greet, (error) => {
        linkIncident(target, error, context.emit);
      });
    }),
  );
}

/** Runs trials in order, up to one that ends the stay; those that were run are no longer `open`. */
async function runTrials(
  visit: Visit,
  open: Set<PlannedTrial>,
  { sites, own, neighbour }: Stay,
  context: VisitContext,
): Promise<void> {
  const guests = sites.map(({ site }) => site.guest);
  const before = await Promise.all(guests.map(readNoise));
  const ran: PlannedTrial[] = [];
  for (const trial of visit.trials) {
    if (context.interrupt.aborted) break;
    await Promise.all(own.map(({ target }) => whereItIs(target, context)));
    const outcome = await context.run(trial, own);
    open.delete(trial);
    if (outcome.kind === 'completed') ran.push(trial);
    if (outcome.kind === 'timed-out' || (outcome.kind === 'failed' && outcome.transport)) break;
  }
  try {
    const doubts = await attest(visit, 'after', { sites, neighbour }, context);
    if (doubts !== undefined) voidAll(ran, doubts, context);
    await count(visit, sites, context);
    await tellNoise(visit, guests, before, context.emit);
  } catch (error) {
    voidAll(ran, `the mode could not be attested after its trials: ${messageOf(error)}`, context);
  }
}

/** @returns what speaks against the mode, or undefined. */
async function attest(
  visit: Visit,
  when: 'before' | 'after',
  { sites, neighbour }: Pick<Stay, 'sites' | 'neighbour'>,
  context: VisitContext,
): Promise<string | undefined> {
  const read = await Promise.all(sites.map(({ site }) => context.mode.attest(site)));
  const findings: Finding[] = [...read.flat(), ...((await neighbour?.attest()) ?? [])];
  const against = againstMode(findings);
  const { block, mode } = visit;
  context.emit({ type: 'attested', block, mode, when, ok: against === undefined, findings });
  return against === undefined ? undefined : `not attested ${when} its trials: ${against}`;
}

async function count(visit: Visit, sites: readonly Placed[], context: VisitContext): Promise<void> {
  const { block, mode } = visit;
  const read = await Promise.all(sites.map(({ site }) => context.mode.counters(site)));
  for (const [index, { target }] of sites.entries()) {
    const counters = read[index] ?? {};
    if (Object.keys(counters).length > 0)
      context.emit({ type: 'counted', block, mode, target: target.name, counters });
  }
}

function endAll(
  trials: readonly PlannedTrial[],
  outcome: Extract<Outcome, { kind: 'failed' | 'void' }>,
  { emit, attemptOf }: VisitContext,
): void {
  const kind = outcome.kind === 'void' ? 'void' : 'failure';
  for (const trial of trials) {
    emit({ type: 'incident', kind, target: null, trial: trial.id, text: outcome.reason });
    emit({ type: 'trial-ended', trial: trial.id, attempt: attemptOf(trial), outcome });
  }
}

/** Trials that had completed, and count no more. */
function voidAll(trials: readonly PlannedTrial[], reason: string, { emit, attemptOf }: VisitContext): void {
  for (const trial of trials) {
    emit({ type: 'incident', kind: 'void', target: null, trial: trial.id, text: reason });
    emit({ type: 'trial-voided', trial: trial.id, attempt: attemptOf(trial), reason });
  }
}
