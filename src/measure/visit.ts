import type { PlannedTrial, Visit } from '../plan/plan.ts';
import { type StayEnd, stayIn } from './stay.ts';
import type { VisitContext } from './visit-context.ts';

/**
 * A visit is one or more stays in its mode: if a trial hung or crashed its guest, the state of the GPU is
 * unknown, so the mode is left, which resets what it can, and entered again for the remaining trials.
 * @returns why it produced nothing, if it hung; undefined if a trial completed, or it failed without hanging.
 */
export async function visitMode(visit: Visit, context: VisitContext): Promise<string | undefined> {
  let trials: readonly PlannedTrial[] = visit.trials;
  let retry = true;
  let last: StayEnd = { rest: [], completed: 0, hung: undefined };
  let completed = 0;
  while (trials.length > 0) {
    const again = trials.length < visit.trials.length;
    const whole = { ...visit, trials: [...trials] };
    last = await stayIn(whole, context, { retry, again });
    const { rest } = last;
    completed += last.completed;
    if (context.interrupt.aborted) return undefined;
    const begun = rest.length < trials.length;
    retry &&= begun;
    if (begun && rest.length > 0)
      context.emit({
        type: 'incident',
        kind: 'recovery',
        target: null,
        trial: trials[trials.length - rest.length - 1]?.id ?? null,
        text: `${visit.mode} was left after it, and is entered again for the remaining ${rest.length} trials`,
      });
    trials = rest;
  }
  return completed > 0 ? undefined : last.hung;
}
