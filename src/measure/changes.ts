import type { Change } from '../mode/mode.ts';
import type { Emit } from '../record/event.ts';
import type { Target } from '../target/target.ts';
import type { PendingUndo } from '../record/run-record.ts';
import { planUndo } from './undo.ts';
import type { VisitContext } from './visit-context.ts';

const COMMAND_MS = 120_000;

/** Journals the undo of each change, then makes it. @throws Error if a change fails. */
export async function make(
  changes: readonly Change[],
  mode: string,
  targets: ReadonlyMap<string, Pick<Target, 'change'>>,
  undos: PendingUndo[],
  emit: Emit,
): Promise<void> {
  for (const change of changes) {
    if (change.undo !== undefined) undos.push(planUndo(mode, change.undo, emit));
    const target = targets.get(change.target);
    if (target === undefined || change.script === ':') continue;
    const began = performance.now();
    const { exitCode, stdout, stderr } = await target.change(change.script, { timeoutMs: COMMAND_MS });
    const output = (stderr || stdout).trim();
    if (change.power !== undefined) {
      const { of, action } = change.power;
      const tookMs = performance.now() - began;
      emit({ type: 'power', target: of, action, ok: exitCode === 0, tookMs, output: output.slice(-2000) });
    }
    if (exitCode === 0) continue;
    const status =
      exitCode === null ? `not finished within ${COMMAND_MS / 1000} s` : `exit status ${exitCode}`;
    throw new Error(`on ${change.target}: ${change.script}: ${status}: ${output.slice(0, 300)}`);
  }
}

/** The same within a visit to a mode. */
export function makeIn(
  changes: readonly Change[],
  { mode, targets, emit }: Pick<VisitContext, 'mode' | 'targets' | 'emit'>,
  undos: PendingUndo[],
): Promise<void> {
  return make(changes, mode.name, targets, undos, emit);
}
