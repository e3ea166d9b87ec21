import type { Finding, Mode } from '../mode/mode.ts';
import type { PlannedTrial, Visit } from '../plan/plan.ts';
import { Problem, messageOf } from '../problem.ts';
import type { PendingUndo } from '../record/run-record.ts';
import { LinkLost } from '../target/link.ts';
import { exports } from '../words/quote.ts';
import { awaitRestarted } from './boot.ts';
import { makeIn } from './changes.ts';
import { type StayReading, againstClocks, readStay } from './clocksources.ts';
import { endAll, skipAll, voidAll } from './end-trials.ts';
import { againstMode } from './findings.ts';
import { sameGpu } from './gpus.ts';
import { climb, isHang } from './ladder.ts';
import { leftoverWords } from './leftover.ts';
import { undoHeld, undoOrHold, wakingOf } from './held.ts';
import { leaveOrTell } from './leave.ts';
import { type Neighbour, neighbourOf } from './neighbour.ts';
import { readStates, tellStates } from './machine-states.ts';
import { againstSteal, tellNoise } from './noise.ts';
import { type Placed, linkIncident, sitesOf } from './sites.ts';
import { type Spent, readSpent, tellSpent } from './spent.ts';
import { putBackHosts, stillChanged } from './still-changed.ts';
import { undoAll } from './undo.ts';
import type { VisitContext } from './visit-context.ts';
import { wake } from './wake.ts';

/** Where the mode is entered for a stay. */
interface Stay {
  /** All of its guests, including a neighbour's. */
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

/** How a stay ended. */
export interface StayEnd {
  /** Its trials after one that ended it. */
  rest: readonly PlannedTrial[];
  completed: number;
  /** The reason, if a trial or a guest hung at the end. */
  hung: string | undefined;
}

/** The result of a stay so far. */
interface Progress {
  open: Set<PlannedTrial>;
  completed: number;
  hung: string | undefined;
  /** It was left properly. */
  well: boolean;
}

/**
 * A stay in one mode: prepare, attest, run the trials, attest again, undo everything. A trial is void unless
 * it is proved before and after that it ran in its mode.
 * @param options.retry Whether a session that is lost before the first trial leaves all of them to be run,
 * rather than failed.
 * @param options.again Whether it is entered again, after a stay that a hang has ended.
 */
export async function stayIn(
  visit: Visit,
  context: VisitContext,
  { retry, again }: { retry: boolean; again: boolean },
): Promise<StayEnd> {
  const stay = beginStay(visit, context);
  const { sites } = stay;
  const [awake, undos]: [PendingUndo[], PendingUndo[]] = [[], []];
  const progress: Progress = { open: new Set(visit.trials), completed: 0, hung: undefined, well: false };
  try {
    const entering = () => enter(visit, stay, context, awake, undos);
    const entered = await (again
      ? climb({ rung: 'enter-anew', mode: visit.mode, trial: null }, context.emit, entering, isEntered)
      : entering());
    if (!isEntered(entered)) {
      entered.tell();
      progress.open.clear();
      // resume continues what is left of an interrupted visit.
    } else if (!context.interrupt.aborted) await runTrials(visit, progress, stay, entered, context);
  } catch (error) {
    if (!context.interrupt.aborted && !(retry && lostOnTheWay(error, visit.mode, sites, context))) {
      const why = error instanceof LinkLost ? error.words : messageOf(error);
      const reason = `mode ${visit.mode} could not be entered: ${why}`;
      if (error instanceof LinkLost && canRestart(context.mode, sites)) progress.hung = why;
      endAll([...progress.open], { kind: 'failed', transport: error instanceof LinkLost, reason }, context);
      progress.open.clear();
    }
  } finally {
    if (context.unkept()?.resumable !== true) await endVisit(stay.own, context);
    const stopped = awake.length > 0 && context.mode.wake === undefined;
    if (stopped || context.mode.restarts === true) await leaveBefore(sites, progress.well, context);
    await undoAll(undos, context.targets, context.emit);
    if (awake.length > 0) {
      // Behind a paused guest, a connection only looks alive.
      await Promise.all(sites.map(({ target }) => (progress.well ? target.sleep() : target.close())));
      await (progress.well ? undoOrHold(awake, context) : undoAll(awake, context.targets, context.emit));
    }
  }
  if (context.mode.restarts === true) await awaitRestarted(sites, context);
  const { open, completed, hung } = progress;
  return { rest: [...open], completed, hung };
}

/** A mode that was entered, with the load on its machines then; or the reason not to run its trials. */
type Entered = { before: StayReading } | { tell: () => void };

function isEntered(entered: Entered): entered is { before: StayReading } {
  return 'before' in entered;
}

/** Enters the mode, and attests it. */
async function enter(
  visit: Visit,
  stay: Stay,
  context: VisitContext,
  awake: PendingUndo[],
  undos: PendingUndo[],
): Promise<Entered> {
  const { sites, neighbour } = stay;
  let waking = await wakingOf(context.mode, sites);
  await undoHeld(waking, context);
  // Undoing may have stopped a guest.
  if (await putBackHosts(sites, waking, context)) waking = await wakingOf(context.mode, sites);
  await wake(sites, waking, context, awake);
  const changed = await stillChanged(sites, awake, context);
  if (changed !== undefined)
    return {
      tell: () => {
        skipAll(visit.trials, changed, context);
      },
    };
  for (const { site } of sites) await makeIn(await context.mode.prepare(site), context, undos);
  await makeIn(neighbour?.changes ?? [], context, undos);
  const [doubts, before] = await Promise.all([
    attest(visit, 'before', stay, context),
    readStay(sites),
    // The stream that its trials share.
    ...stay.own.map(({ target }) => ifNothingHinders(target.beginVisit(context.experiment.limits.output))),
  ]);
  if (context.interrupt.aborted) return { before };
  const against = doubts ?? againstClocks(before, context.clocksources);
  if (against === undefined) return { before };
  return {
    tell: () => {
      endAll(visit.trials, { kind: 'void', reason: against }, context);
    },
  };
}

/** Whether a guest that does not answer should be restarted, by its host or by its mode. */
function canRestart(mode: Mode, sites: readonly Placed[]): boolean {
  return mode.revive !== undefined || sites.some(({ site }) => site.power !== undefined);
}

/** Whether a session was lost but its targets still answer: nothing was measured yet, so the mode is entered again. */
function lostOnTheWay(
  error: unknown,
  mode: string,
  sites: readonly Placed[],
  { emit }: VisitContext,
): boolean {
  if (!(error instanceof LinkLost) || !sites.every(answers)) return false;
  const text = `a session was lost while entering ${mode}, so it is entered again: ${error.words}`;
  emit({ type: 'incident', kind: 'link', target: null, trial: null, text });
  return true;
}

/**
 * Before its guests are stopped or restarted: what the run has there is removed while they answer, rather
 * than at its end.
 */
async function leaveBefore(sites: readonly Placed[], well: boolean, { emit }: VisitContext): Promise<void> {
  await Promise.all(
    sites.map(async ({ target }) => {
      if (well) await leaveOrTell(target, emit);
      await target.close();
    }),
  );
}

/** Neither it nor its host was given up. */
function answers({ target, host }: Placed): boolean {
  return target.unreachable === undefined && host?.unreachable === undefined;
}

/** The next trial meets the same obstacle, and reports it. */
async function ifNothingHinders(work: Promise<unknown>): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
  }
}

/** Closes the stay's streams, and removes what its trials kept in the guests. */
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

/** Runs trials in order, until one ends the stay; those that were run are no longer open. */
async function runTrials(
  visit: Visit,
  progress: Progress,
  { sites, own, neighbour }: Stay,
  { before }: { before: StayReading },
  context: VisitContext,
): Promise<void> {
  const { open } = progress;
  const states = await readStates(sites, context.hasGpu);
  const ran: PlannedTrial[] = [];
  let cost: Spent | undefined;
  for (const trial of visit.trials) {
    if (context.interrupt.aborted) break;
    // The journal records where a trial's files will be before it begins: a full disk may have changed that.
    await Promise.all(own.map(({ target }) => ifNothingHinders(context.greet(target))));
    cost ??= await readSpent(visit.mode, own, context);
    const outcome = await context.run(trial, own);
    open.delete(trial);
    if (outcome.kind === 'completed') ran.push(trial);
    const spent = outcome.kind === 'completed' ? await readSpent(visit.mode, own, context, cost) : undefined;
    if (spent !== undefined) tellSpent(trial, cost, spent, context.emit);
    cost = spent;
    if (isHang(outcome)) progress.hung = outcome.reason;
    if (progress.hung !== undefined) break;
  }
  progress.completed = ran.length;
  try {
    // First of all: clocks drop as soon as a GPU is idle.
    tellStates(visit, states, await readStates(sites, context.hasGpu), context.emit);
    const [doubts, after] = await Promise.all([
      attest(visit, 'after', { sites, neighbour }, context),
      readStay(sites),
    ]);
    await count(visit, sites, context);
    const against =
      doubts ??
      againstClocks(after, context.clocksources) ??
      againstSteal(context.mode, before.noise, after.noise);
    if (against !== undefined) voidAll(ran, against, context);
    const guests = sites.map(({ site }) => site.guest);
    tellNoise(visit, context.mode, guests, before.noise, after.noise, context.emit);
    progress.well = open.size === 0 && progress.hung === undefined;
  } catch (error) {
    voidAll(ran, `the mode could not be attested after its trials: ${messageOf(error)}`, context);
  }
}

/** @returns the evidence against the mode, or undefined. */
async function attest(
  visit: Visit,
  when: 'before' | 'after',
  { sites, neighbour }: Pick<Stay, 'sites' | 'neighbour'>,
  context: VisitContext,
): Promise<string | undefined> {
  const read = await Promise.all(sites.map(({ site }) => context.mode.attest(site)));
  const gpus = when === 'before' ? await Promise.all(sites.map(({ site }) => sameGpu(site, context))) : [];
  const findings: Finding[] = [...read.flat(), ...gpus.flat(), ...((await neighbour?.attest()) ?? [])];
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
