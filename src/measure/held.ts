/**
 * Undos that a stay leaves to the next one, whose first change removes what the earlier stay set up: leaving
 * one mode and entering the next is then one step. In the journal they stay pending, so that after a crash
 * they are undone like any other.
 */
import type { Change, Mode } from '../mode/mode.ts';
import { startWhereOff } from '../mode/powered.ts';
import type { PendingUndo } from '../record/run-record.ts';
import { LinkLost } from '../target/link.ts';
import type { Placed } from './sites.ts';
import { undoAll } from './undo.ts';
import type { VisitContext } from './visit-context.ts';

/**
 * What wakes the guests of a mode, or starts those that are off, if their hosts can; empty otherwise. @throws
 * LinkLost
 */
export async function wakingOf(mode: Mode, sites: readonly Placed[]): Promise<readonly Change[]> {
  const places = sites.map(({ site }) => site);
  if (mode.wake !== undefined) return mode.wake(places);
  const powered = places.filter(({ power }) => power !== undefined);
  return (await Promise.all(powered.map(startWhereOff))).flat();
}

/** Whether one of these changes does the work of an undo. */
export function replacedBy(changes: readonly Change[], { target, script }: PendingUndo): boolean {
  return changes.some(
    ({ replaces, undo }) => replaces === true && undo?.target === target && undo.script === script,
  );
}

/** Undoes what was held, except what these changes replace. */
export async function undoHeld(
  changes: readonly Change[],
  { held, pendingUndo, targets, emit }: Pick<VisitContext, 'held' | 'pendingUndo' | 'targets' | 'emit'>,
): Promise<void> {
  const left = [...pendingUndo.values()].filter((undo) => held.has(undo.id) && !replacedBy(changes, undo));
  held.clear();
  await undoAll(left, targets, emit);
}

/** Undoes what woke the guests of a stay, except what the next stay replaces, if there is one. */
export async function undoOrHold(
  undos: readonly PendingUndo[],
  { held, next, interrupt, targets, emit }: VisitContext,
): Promise<void> {
  const changes = interrupt.aborted ? [] : await orNothing(next);
  const now = undos.filter((undo) => {
    if (!replacedBy(changes, undo)) return true;
    held.add(undo.id);
    return false;
  });
  await undoAll(now, targets, emit);
}

/**
 * If its host is silent, the first changes of the next stay can't be known; that stay will notice by itself.
 */
async function orNothing(next: () => Promise<readonly Change[]>): Promise<readonly Change[]> {
  try {
    return await next();
  } catch (error) {
    if (error instanceof LinkLost) return [];
    throw error;
  }
}
