import { randomBytes } from 'node:crypto';
import { messageOf } from '../problem.ts';
import type { Emit } from '../record/event.ts';
import type { Undo } from '../mode/mode.ts';
import { forEachTarget } from './for-each-target.ts';
import type { PendingUndo } from '../record/run-record.ts';
import type { Target } from '../target/target.ts';

/** Records how a change is undone, before it is made. */
export function planUndo(mode: string, undo: Undo, emit: Emit): PendingUndo {
  const id = randomBytes(6).toString('hex');
  emit({ type: 'undo-planned', id, mode, undo });
  return { id, ...undo };
}

/**
 * Runs undo scripts, newest change first, and journals each result. Continues after a failure: the others are
 * still worth undoing.
 * @param undos oldest first, as they were planned
 * @returns whether all succeeded.
 */
export async function undoAll(
  undos: Iterable<PendingUndo>,
  targets: ReadonlyMap<string, Target>,
  emit: Emit,
): Promise<boolean> {
  let allWell = true;
  const all = [...undos].reverse();
  const lost = await silent(all, targets);
  for (const { id, target, script } of all) {
    const known = lost.get(target);
    const { ok, output } =
      known === undefined
        ? await undoOne(targets.get(target), script, (words) => lost.set(target, words))
        : { ok: false, output: known };
    emit({ type: 'undone', id, ok, output: output.slice(0, 2000) });
    if (ok) continue;
    allWell = false;
    emit({
      type: 'incident',
      kind: 'restore',
      target,
      trial: null,
      text: `could not be undone: ${script}: ${output.slice(0, 300)}`,
    });
  }
  return allWell;
}

/** Why targets don't answer: found out in parallel, and not again for each of their changes. */
async function silent(
  undos: readonly PendingUndo[],
  targets: ReadonlyMap<string, Target>,
): Promise<Map<string, string>> {
  const lost = new Map<string, string>();
  const concerned = [...new Set(undos.map(({ target }) => target))].flatMap(
    (name) => targets.get(name) ?? [],
  );
  // A single one is asked when it is its turn.
  if (concerned.length > 1)
    await forEachTarget(concerned, async (target) => {
      try {
        await target.reconnect(() => undefined);
      } catch (error) {
        lost.set(target.name, messageOf(error));
      }
    });
  return lost;
}

async function undoOne(
  target: Target | undefined,
  script: string,
  onLost: (words: string) => void,
): Promise<{ ok: boolean; output: string }> {
  if (target === undefined) return { ok: false, output: 'no such target in the experiment file' };
  try {
    await target.reconnect(() => undefined);
  } catch (error) {
    onLost(messageOf(error));
    return { ok: false, output: messageOf(error) };
  }
  try {
    const { exitCode, stdout, stderr } = await target.change(script, { timeoutMs: 120_000 });
    return {
      ok: exitCode === 0,
      output: `${exitCode === null ? 'not finished within 120 s' : `exit status ${exitCode}`}: ${(stdout + stderr).trim()}`,
    };
  } catch (error) {
    return { ok: false, output: messageOf(error) };
  }
}
