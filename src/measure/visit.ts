import {
  NOISE_SCRIPT,
  type NoiseReading,
  noiseBetween,
  notableNoise,
  parseNoise,
} from '../environment/noise.ts';
import type { Experiment } from '../experiment/schema.ts';
import type { Change, Finding, Mode, Place, Site } from '../mode/mode.ts';
import type { PlannedTrial, Visit } from '../plan/plan.ts';
import { messageOf } from '../problem.ts';
import type { Emit, Outcome } from '../record/event.ts';
import { LinkLost } from '../target/link.ts';
import type { Target } from '../target/target.ts';
import { type PlannedUndo, planUndo, undoAll } from './undo.ts';

export interface VisitContext {
  experiment: Experiment;
  mode: Mode;
  targets: ReadonlyMap<string, Target>;
  emit: Emit;
  interrupt: AbortSignal;
  /** Told of each target that answers: what it is goes into the journal, once a boot. */
  greet: (target: Target) => Promise<void>;
  attemptOf: (trial: PlannedTrial) => number;
  run: (trial: PlannedTrial, targets: readonly Target[]) => Promise<Outcome>;
}

const COMMAND_MS = 120_000;

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

/**
 * A stay in one mode: prepare, attest, run the trials, attest again, put everything back. A trial that is not
 * proved to have run in its mode, from before and from after, is void.
 * @returns the trials after one that ended the stay.
 */
async function stay(visit: Visit, context: VisitContext): Promise<readonly PlannedTrial[]> {
  const sites = context.experiment.modes[visit.mode]?.on.map((name) => siteOf(name, context)) ?? [];
  const [awake, undos]: [PlannedUndo[], PlannedUndo[]] = [[], []];
  const open = new Set(visit.trials);
  try {
    await wake(sites, context, awake);
    for (const { site } of sites) await make(await context.mode.prepare(site), context, undos);
    const doubts = await attest(visit, 'before', sites, context);
    if (doubts !== undefined) {
      endAll(visit.trials, { kind: 'void', reason: doubts }, context);
      return [];
    }
    await runTrials(visit, open, sites, context);
    return [...open];
  } catch (error) {
    const reason = `mode ${visit.mode} could not be entered: ${messageOf(error)}${error instanceof LinkLost ? `: ${error.found ?? ''}` : ''}`;
    endAll([...open], { kind: 'failed', transport: error instanceof LinkLost, reason }, context);
    return [];
  } finally {
    await undoAll([...undos].reverse(), context.targets, context.emit);
    // A guest that falls asleep leaves a connection behind that only looks alive.
    if (awake.length > 0) await Promise.all(sites.map(({ target }) => target.close()));
    await undoAll([...awake].reverse(), context.targets, context.emit);
  }
}

/** Has the mode's guests answer: those that sleep are woken, and those that still don't are made anew, once. */
async function wake(sites: readonly Placed[], context: VisitContext, awake: PlannedUndo[]): Promise<void> {
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
  await make(await mode.wake(places), context, awake);
  try {
    await reachAll(guests, context);
  } catch (error) {
    if (mode.revive === undefined || !(error instanceof LinkLost)) throw error;
    const text = `${guests.map(({ name }) => name).join(', ')}: no answer (${error.found ?? error.message}), so made anew`;
    context.emit({ type: 'incident', kind: 'recovery', target: null, trial: null, text });
    await make(await mode.revive(places), context, awake);
    await make(await mode.wake(places), context, awake);
    await reachAll(guests, context);
  }
}

async function reachAll(targets: readonly Target[], context: VisitContext): Promise<void> {
  await Promise.all(
    [...new Set(targets)].map(async (target) => {
      await target.reconnect((error) => {
        linkIncident(target, error, context.emit);
      });
      await context.greet(target);
    }),
  );
}

interface Placed {
  target: Target;
  host: Target | undefined;
  site: Site;
}

/** Runs trials in order, up to one that ends the stay; those that were run are no longer `open`. */
async function runTrials(
  visit: Visit,
  open: Set<PlannedTrial>,
  sites: readonly Placed[],
  context: VisitContext,
): Promise<void> {
  const before = await Promise.all(sites.map(({ target }) => readNoise(target)));
  const ran: PlannedTrial[] = [];
  for (const trial of visit.trials) {
    if (context.interrupt.aborted) break;
    const outcome = await context.run(
      trial,
      sites.map(({ target }) => target),
    );
    open.delete(trial);
    if (outcome.kind === 'completed') ran.push(trial);
    if (outcome.kind === 'timed-out' || (outcome.kind === 'failed' && outcome.transport)) break;
  }
  try {
    const doubts = await attest(visit, 'after', sites, context);
    if (doubts !== undefined) voidAll(ran, doubts, context);
    await count(visit, sites, context);
    await tellNoise(visit, sites, before, context);
  } catch (error) {
    voidAll(ran, `the mode could not be attested after its trials: ${messageOf(error)}`, context);
  }
}

/** Journals the undo of each change, then makes it. @throws Error where a change fails. */
async function make(changes: readonly Change[], context: VisitContext, undos: PlannedUndo[]): Promise<void> {
  for (const change of changes) {
    if (change.undo !== undefined) undos.push(planUndo(context.mode.name, change.undo, context.emit));
    const target = context.targets.get(change.target);
    if (target === undefined || change.script === ':') continue;
    const { exitCode, stdout, stderr } = await target.run(change.script, { timeoutMs: COMMAND_MS });
    if (exitCode === 0) continue;
    const status = exitCode === null ? `no end within ${COMMAND_MS / 1000} s` : `exit status ${exitCode}`;
    throw new Error(
      `on ${change.target}: ${change.script}: ${status}: ${(stderr || stdout).trim().slice(0, 300)}`,
    );
  }
}

/** @returns what speaks against the mode, or undefined. */
async function attest(
  visit: Visit,
  when: 'before' | 'after',
  sites: readonly Placed[],
  context: VisitContext,
): Promise<string | undefined> {
  // One after the other: seven at once on one host were seen to lose sessions.
  const findings: Finding[] = [];
  for (const { site } of sites) findings.push(...(await context.mode.attest(site)));
  const doubts = findings.filter(({ ok }) => !ok);
  const { block, mode } = visit;
  context.emit({ type: 'attested', block, mode, when, ok: doubts.length === 0, findings });
  if (doubts.length === 0) return undefined;
  return `not attested ${when} its trials: ${doubts.map((doubt) => `${doubt.target}: ${doubt.claim} (${doubt.evidence})`).join('; ')}`;
}

async function count(visit: Visit, sites: readonly Placed[], context: VisitContext): Promise<void> {
  for (const { site, target } of sites) {
    const counters = await context.mode.counters(site);
    const { block, mode } = visit;
    if (Object.keys(counters).length > 0)
      context.emit({ type: 'counted', block, mode, target: target.name, counters });
  }
}

function endAll(trials: readonly PlannedTrial[], outcome: Outcome, context: VisitContext): void {
  const reason = outcome.kind === 'completed' ? '' : outcome.reason;
  for (const trial of trials) {
    const attempt = context.attemptOf(trial);
    if (outcome.kind !== 'void' || !context.interrupt.aborted)
      context.emit({
        type: 'incident',
        kind: outcome.kind === 'void' ? 'void' : 'failure',
        target: null,
        trial: trial.id,
        text: reason,
      });
    context.emit({ type: 'trial-ended', trial: trial.id, attempt, outcome });
  }
}

/** Trials that had completed, and count no more. */
function voidAll(trials: readonly PlannedTrial[], reason: string, { emit, attemptOf }: VisitContext): void {
  for (const trial of trials) {
    emit({ type: 'incident', kind: 'void', target: null, trial: trial.id, text: reason });
    emit({ type: 'trial-voided', trial: trial.id, attempt: attemptOf(trial), reason });
  }
}

async function readNoise(target: Target): Promise<NoiseReading | undefined> {
  return parseNoise((await target.run(NOISE_SCRIPT)).stdout);
}

/** Noise of each target, and what is notable of it as one incident, however many targets the visit has. */
async function tellNoise(
  { block, mode }: Visit,
  sites: readonly Placed[],
  before: readonly (NoiseReading | undefined)[],
  context: VisitContext,
): Promise<void> {
  const after = await Promise.all(sites.map(({ target }) => readNoise(target)));
  const heard = sites.flatMap(({ target: { name } }, index) => {
    const [from, to] = [before[index], after[index]];
    return from === undefined || to === undefined ? [] : [{ name, ...noiseBetween(from, to) }];
  });
  for (const { name, ...noise } of heard)
    context.emit({ type: 'noise', block, mode, target: name, ...noise });
  const words = notableNoise(heard);
  if (words.length === 0) return;
  const [only] = sites.length === 1 ? sites : [];
  context.emit({
    type: 'incident',
    kind: 'noise',
    target: only?.target.name ?? null,
    trial: null,
    text: `block ${block}, ${mode}: ${words.join('; ')}`,
  });
}

function siteOf(name: string, context: VisitContext): Placed {
  const target = targetNamed(name, context.targets);
  const { host: hostName, domain, lab } = context.experiment.targets[name] ?? {};
  const host = hostName === undefined ? undefined : targetNamed(hostName, context.targets);
  return {
    target,
    host,
    site: {
      guest: place(target, context.emit),
      host: host && place(host, context.emit),
      domain: domain ?? lab ?? name,
    },
  };
}

/** Where evidence is read: nothing is changed by that, so what a lost session cut off is asked for once more. */
function place(target: Target, emit: Emit): Place {
  return {
    name: target.name,
    run: async (script) => {
      try {
        return await target.run(script);
      } catch (error) {
        if (!(error instanceof LinkLost)) throw error;
        linkIncident(target, error, emit);
        await target.reconnect(() => undefined);
        return target.run(script);
      }
    },
  };
}

function targetNamed(name: string, targets: ReadonlyMap<string, Target>): Target {
  const target = targets.get(name);
  if (target === undefined) throw new Error(`no target ${name}: the experiment file is checked for that`);
  return target;
}

function linkIncident(target: Target, error: LinkLost, emit: Emit): void {
  emit({
    type: 'incident',
    kind: 'link',
    target: target.name,
    trial: null,
    text: `${error.message}: ${error.found ?? ''}`,
  });
}
