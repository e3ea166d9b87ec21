import type { RunRecord } from './run-record.ts';

const REASON = 'the session was cut off before its mode was attested after it';

/**
 * Trials that completed in a stay which was cut off before it could be attested again: nothing proves that their mode held
 * to their end, so they are in no figure, and resume runs them again from their beginning. To be asked when a session is
 * known to be over: where the next one begins, or at the journal's end.
 */
export function giveUpUnproved({ visits, trials }: Pick<RunRecord, 'visits' | 'trials'>): void {
  for (const visit of visits) {
    if (visit.attestations.length === 0 || visit.attestations.some(({ when }) => when === 'after')) continue;
    // Once: an attempt that follows is of another stay.
    for (const id of visit.completed.splice(0)) {
      const trial = trials.get(id);
      if (trial?.outcome?.kind === 'completed')
        Object.assign(trial, { outcome: { kind: 'aborted', reason: REASON }, unproved: true });
    }
  }
}
