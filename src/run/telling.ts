import { Unkept } from '../measure/unkept.ts';
import type { Emit, EventBody } from '../record/event.ts';
import { fold } from '../record/fold.ts';
import { type Journal, happenedNow } from '../record/journal.ts';
import type { RunRecord } from '../record/run-record.ts';

/** What must survive a crash of the machine, not just of this process. */
const SYNCED: ReadonlySet<EventBody['type']> = new Set([
  'trial-ended',
  'trial-voided',
  'undo-planned',
  'boot-planned',
  'run-ended',
]);

/** Events on the way back, which must be completed whether or not they can be written. */
const WAY_BACK: ReadonlySet<EventBody['type']> = new Set([
  'undone',
  'machine-returned',
  'incident',
  'run-ended',
]);

/** How a session reports what happens. */
export interface Telling {
  /** Writes an event to the journal. @throws Unkept if that fails, except for events on the way back. */
  emit: Emit;
  /** Ends the session: the user's signal, or the journal's failure. */
  interrupt: AbortSignal;
  /** Why the journal could not be written; undefined if everything was written. */
  failure: () => Unkept | undefined;
}

/**
 * Writes what happens to a journal. If that fails, the session is ended in order, and the journal is left as
 * if the harness had been killed at that moment, which resume can handle. Only undos are still added, and
 * taken from `record` in any case.
 */
export function telling(journal: Journal, record: RunRecord, signal?: AbortSignal): Telling {
  const stop = new AbortController();
  let failure: Unkept | undefined;
  return {
    interrupt: signal === undefined ? stop.signal : AbortSignal.any([signal, stop.signal]),
    failure: () => failure,
    emit: (body) => {
      const undone = body.type === 'undone';
      if (failure === undefined || undone)
        try {
          journal.append(body);
          if (SYNCED.has(body.type)) journal.sync();
          return;
        } catch (error) {
          failure ??= new Unkept(error, !journal.isGone);
          stop.abort(failure);
          if (undone) fold(record, happenedNow(body));
        }
      if (!WAY_BACK.has(body.type)) throw failure;
    },
  };
}
