import type { RunRecord } from './run-record.ts';

const REASON = 'the session ended before its mode was attested after it';

/**
 * Trials that completed in a stay which ended before it could be attested again: nothing proves that their
 * mode held to their end, so they are excluded, and resume reruns them from the beginning. To be called when
 * a session is known to be over: when the next one begins, or at the journal's end.
 */
export function giveUpUnproved({ visits, trials }: Pick<RunRecord, 'visits' | 'trials'>): void {
  for (const visit of visits) {
    if (visit.attestations.length === 0 || visit.attestations.some(({ when }) => when === 'after')) continue;
    // Once: a following attempt belongs to another stay.
    for (const id of visit.completed.splice(0)) {
      const trial = trials.get(id);
      if (trial?.outcome?.kind === 'completed')
        Object.assign(trial, { outcome: { kind: 'aborted', reason: REASON }, unproved: true });
    }
  }
}
