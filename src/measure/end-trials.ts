/** Ends trials together, because of a problem with their visit. */
import type { PlannedTrial } from '../plan/plan.ts';
import type { Outcome } from '../record/event.ts';
import type { VisitContext } from './visit-context.ts';

type EndContext = Pick<VisitContext, 'emit' | 'attemptOf'>;

export function endAll(
  trials: readonly PlannedTrial[],
  outcome: Extract<Outcome, { kind: 'failed' | 'void' }>,
  { emit, attemptOf }: EndContext,
): void {
  const kind = outcome.kind === 'void' ? 'void' : 'failure';
  for (const trial of trials) {
    emit({ type: 'incident', kind, target: null, trial: trial.id, text: outcome.reason });
    emit({ type: 'trial-ended', trial: trial.id, attempt: attemptOf(trial), outcome });
  }
}

/** Trials that were not begun; an incident already gives the reason. */
export function skipAll(
  trials: readonly PlannedTrial[],
  reason: string,
  { emit, attemptOf }: EndContext,
): void {
  for (const trial of trials)
    emit({
      type: 'trial-ended',
      trial: trial.id,
      attempt: attemptOf(trial),
      outcome: { kind: 'skipped', reason },
    });
}

/** Trials that had completed, and no longer count. */
export function voidAll(
  trials: readonly PlannedTrial[],
  reason: string,
  { emit, attemptOf }: EndContext,
): void {
  for (const trial of trials) {
    emit({ type: 'incident', kind: 'void', target: null, trial: trial.id, text: reason });
    emit({ type: 'trial-voided', trial: trial.id, attempt: attemptOf(trial), reason });
  }
}
