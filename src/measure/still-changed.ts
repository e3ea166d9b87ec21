import type { PendingUndo } from '../record/run-record.ts';
import type { Placed } from './sites.ts';
import { undoAll } from './undo.ts';
import type { VisitContext } from './visit-context.ts';

/**
 * Before a mode is entered: what earlier stays could not undo on its guests and their hosts is undone now. What has been
 * done anew by then, as a guest that could not be put to sleep was woken again, is left to this stay's own undo.
 * @param own undos of this stay.
 * @returns what is still not as it was, in words; undefined where all is.
 */
export async function stillChanged(
  sites: readonly Placed[],
  own: readonly PendingUndo[],
  { pendingUndo, targets, emit }: Pick<VisitContext, 'pendingUndo' | 'targets' | 'emit'>,
): Promise<string | undefined> {
  const names = new Set(sites.flatMap(({ target, host }) => [target.name, host?.name]));
  const earlier = [...pendingUndo.values()].filter(
    ({ id, target }) => names.has(target) && !own.some((one) => one.id === id),
  );
  const anew = ({ target, script }: PendingUndo) =>
    own.some((one) => one.target === target && one.script === script);
  for (const { id } of earlier.filter(anew))
    emit({ type: 'undone', id, ok: true, output: 'done anew, and left to the undo of that' });
  const left = earlier.filter((one) => !anew(one));
  if (await undoAll(left, targets, emit)) return undefined;
  const where = [...new Set(left.map(({ target }) => target))].join(' and ');
  const scripts = left.map(({ script }) => script).join('; ');
  return `${where} is still changed by an earlier stay, and can’t be put back: ${scripts}`;
}
