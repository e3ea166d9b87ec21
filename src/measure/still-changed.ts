/**
 * Changes of earlier stays that could not be undone on the targets of a stay, and are undone before it: on
 * hosts before guests are woken, because an undo that pauses a guest would do so now, and on guests once they
 * are awake.
 */
import type { Change } from '../mode/mode.ts';
import type { PendingUndo } from '../record/run-record.ts';
import type { Target } from '../target/target.ts';
import { replacedBy } from './held.ts';
import type { Placed } from './sites.ts';
import { undoAll } from './undo.ts';
import type { VisitContext } from './visit-context.ts';

type PutBackContext = Pick<VisitContext, 'pendingUndo' | 'targets' | 'emit'>;

/**
 * Before guests are woken, except what waking them replaces. Failures stay pending, and `stillChanged`
 * reports them. @returns whether anything was pending
 */
export async function putBackHosts(
  sites: readonly Placed[],
  waking: readonly Change[],
  context: PutBackContext,
): Promise<boolean> {
  const hosts = sites.flatMap(({ host }) => (host === undefined || host.unreachable ? [] : host));
  const pending = pendingOn(hosts, context).filter((undo) => !replacedBy(waking, undo));
  await undoAll(pending, context.targets, context.emit);
  return pending.length > 0;
}

/**
 * After the guests were woken. If this stay repeated a change, its own undo covers the earlier one, for
 * instance if a guest that could not be paused was woken again.
 * @param own undos of this stay.
 * @returns what is still changed, in words; undefined if nothing.
 */
export async function stillChanged(
  sites: readonly Placed[],
  own: readonly PendingUndo[],
  context: PutBackContext,
): Promise<string | undefined> {
  const { targets, emit } = context;
  const guests = sites.map(({ target }) => target);
  const hosts = sites.flatMap(({ host }) => host ?? []);
  const earlier = (where: readonly Target[]) =>
    pendingOn(where, context).filter(({ id }) => !own.some((one) => one.id === id));
  for (const { id, target, script } of earlier([...guests, ...hosts]))
    if (own.some((one) => one.target === target && one.script === script))
      emit({ type: 'undone', id, ok: true, output: 'repeated by this stay, whose own undo covers it' });
  await undoAll(earlier(guests), targets, emit);
  const left = earlier([...guests, ...hosts]);
  if (left.length === 0) return undefined;
  const where = [...new Set(left.map(({ target }) => target))].join(' and ');
  const scripts = left.map(({ script }) => script).join('; ');
  return `${where} is still changed by an earlier stay, and the change can’t be undone: ${scripts}`;
}

function pendingOn(targets: readonly Target[], { pendingUndo }: PutBackContext): PendingUndo[] {
  const names = new Set(targets.map(({ name }) => name));
  return [...pendingUndo.values()].filter(({ target }) => names.has(target));
}
