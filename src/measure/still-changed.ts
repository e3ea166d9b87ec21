/**
 * What earlier stays could not undo on the targets of a stay, and is undone before it: on hosts before guests are woken,
 * since what was to put one to sleep would do so now, and on guests once they are awake.
 */
import type { Change } from '../mode/mode.ts';
import type { PendingUndo } from '../record/run-record.ts';
import type { Target } from '../target/target.ts';
import { replacedBy } from './held.ts';
import type { Placed } from './sites.ts';
import { undoAll } from './undo.ts';
import type { VisitContext } from './visit-context.ts';

type PutBackContext = Pick<VisitContext, 'pendingUndo' | 'targets' | 'emit'>;

/** Before guests are woken, but for what waking them replaces. What fails is still pending, and `stillChanged` tells. @returns whether anything was pending */
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
 * Once they are awake. What this stay has done anew is left to its own undo, as where a guest that could not be put to
 * sleep was woken again.
 * @param own undos of this stay.
 * @returns what is still not as it was, in words; undefined where all is.
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
      emit({ type: 'undone', id, ok: true, output: 'done anew, and left to the undo of that' });
  await undoAll(earlier(guests), targets, emit);
  const left = earlier([...guests, ...hosts]);
  if (left.length === 0) return undefined;
  const where = [...new Set(left.map(({ target }) => target))].join(' and ');
  const scripts = left.map(({ script }) => script).join('; ');
  return `${where} is still changed by an earlier stay, and can’t be put back: ${scripts}`;
}

function pendingOn(targets: readonly Target[], { pendingUndo }: PutBackContext): PendingUndo[] {
  const names = new Set(targets.map(({ name }) => name));
  return [...pendingUndo.values()].filter(({ target }) => names.has(target));
}
