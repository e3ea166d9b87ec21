/**
 * Undos that a stay leaves to the next one, whose first change takes down what the earlier has made: leaving one mode and
 * entering the next is one step then. In the journal they stay pending, so that after a crash they are undone like any other.
 */
import type { Change, Mode } from '../mode/mode.ts';
import type { PendingUndo } from '../record/run-record.ts';
import type { Placed } from './sites.ts';
import { undoAll } from './undo.ts';
import type { VisitContext } from './visit-context.ts';

/** What wakes the guests of a mode; nothing where they don't sleep. */
export async function wakingOf(mode: Mode, sites: readonly Placed[]): Promise<readonly Change[]> {
  return (await mode.wake?.(sites.map(({ site }) => site))) ?? [];
}

/** Whether one of these changes does the work of an undo. */
export function replacedBy(changes: readonly Change[], { target, script }: PendingUndo): boolean {
  return changes.some(
    ({ replaces, undo }) => replaces === true && undo?.target === target && undo.script === script,
  );
}

/** Undoes what was held, but for what these changes replace: that is undone by them. */
export async function undoHeld(
  changes: readonly Change[],
  { held, pendingUndo, targets, emit }: Pick<VisitContext, 'held' | 'pendingUndo' | 'targets' | 'emit'>,
): Promise<void> {
  const left = [...pendingUndo.values()].filter((undo) => held.has(undo.id) && !replacedBy(changes, undo));
  held.clear();
  await undoAll(left, targets, emit);
}

/** Undoes what woke the guests of a stay, but for what the next stay replaces, if it is to come. */
export async function undoOrHold(
  undos: readonly PendingUndo[],
  { held, next, interrupt, targets, emit }: VisitContext,
): Promise<void> {
  const changes = interrupt.aborted ? [] : await next();
  const now = undos.filter((undo) => {
    if (!replacedBy(changes, undo)) return true;
    held.add(undo.id);
    return false;
  });
  await undoAll(now, targets, emit);
}
