import { machineBootOf } from '../experiment/boots.ts';
import type { Experiment } from '../experiment/schema.ts';
import type { Mode } from '../mode/mode.ts';
import { messageOf } from '../problem.ts';
import type { Emit } from '../record/event.ts';
import type { PendingUndo } from '../record/run-record.ts';
import { LinkLost } from '../target/link.ts';
import type { Target } from '../target/target.ts';
import { awaitBoot } from './boot.ts';
import { make } from './changes.ts';
import type { MachinesContext } from './machines-context.ts';
import { forEachTarget } from './for-each-target.ts';
import { wakingOf } from './held.ts';
import { sitesOf } from './sites.ts';
import { undoAll } from './undo.ts';
import type { VisitContext } from './visit-context.ts';

/**
 * Ends what a run left on a target, and removes its files. Failures are only reported: the run is over either
 * way.
 */
export async function leaveOrTell(target: Target, emit: Emit): Promise<void> {
  try {
    if (target.unreachable !== undefined) throw target.unreachable;
    // With some patience: a guest that was paused until now may still be booting.
    await target.reconnect(() => undefined);
    await target.leave();
  } catch (error) {
    const text = `the run’s files are still there: ${messageOf(error)}; to remove them: vgpubench restore`;
    emit({ type: 'incident', kind: 'restore', target: target.name, trial: null, text });
  }
}

/** The same for all targets that answer, after a crash; paused guests are left alone. */
export async function leaveAnswering(targets: ReadonlyMap<string, Target>, emit: Emit): Promise<void> {
  const given = [...targets.values()].filter(({ unreachable }) => unreachable === undefined);
  await forEachTarget(given, async (target) => {
    try {
      // One attempt: whoever restores may not have all of them up.
      await target.run(':');
    } catch (error) {
      if (!(error instanceof LinkLost)) throw error;
      return;
    }
    await leaveOrTell(target, emit);
  });
}

/** The same for the running system of a machine that goes down. */
export async function leaveMachine(
  machine: string,
  { experiment, targets, record, emit }: MachinesContext,
): Promise<void> {
  for (const target of targets.values()) {
    if (machineBootOf(target.name, experiment)?.machine !== machine || target.unreachable !== undefined)
      continue;
    const { host } = experiment.targets[target.name] ?? {};
    // What an earlier session left in a guest is removed by the guest's own stay.
    const left = host === undefined && record.cutOff && record.targets.has(target.name);
    if (target.hasFiles || left) await leaveOrTell(target, emit);
  }
}

/** The same for guests that are paused unless their mode is under test. */
export async function leaveSleeping(
  guests: readonly string[],
  mode: Mode,
  experiment: Experiment,
  targets: ReadonlyMap<string, Target>,
  { emit, interrupt }: Pick<VisitContext, 'emit' | 'interrupt'>,
): Promise<void> {
  const placed = sitesOf(guests, experiment, targets, emit);
  const undos: PendingUndo[] = [];
  try {
    const waking = await wakingOf(mode, placed);
    await make(waking, mode.name, targets, undos, emit);
    if (waking.some(({ power }) => power?.action === 'start')) await awaitBoot(placed, { emit, interrupt });
    await Promise.all(placed.map(({ target }) => leaveOrTell(target, emit)));
  } catch (error) {
    const text = `the run’s files are still in ${guests.join(', ')}: ${messageOf(error)}`;
    emit({ type: 'incident', kind: 'restore', target: null, trial: null, text });
  } finally {
    await Promise.all(placed.map(({ target }) => target.close()));
    await undoAll(undos, targets, emit);
  }
}
