/**
 * What a hang is answered by, rung by rung: its trial is ended; its mode is left, which reloads what may be reloaded, and
 * entered anew; its guests are restarted; and in the end its mode is quarantined. Each is in the journal with its time.
 */
import type { Emit, EventOf, Outcome } from '../record/event.ts';

type Rung = Pick<EventOf<'rung'>, 'rung' | 'mode' | 'trial'>;

/**
 * Does what a rung is, and writes down whether it helped, and how long it took.
 * @param helped Whether it did, by what `work` gives.
 * @throws what `work` throws
 */
export async function climb<T>(
  rung: Rung,
  emit: Emit,
  work: () => Promise<T>,
  helped: (result: T) => boolean = (result) => result !== false,
): Promise<T> {
  const began = performance.now();
  let ok = false;
  try {
    const result = await work();
    ok = helped(result);
    return result;
  } finally {
    emit({ type: 'rung', ...rung, ok, tookMs: performance.now() - began });
  }
}

/** Whether nothing is known any more about what it ran on. */
export function isHang(outcome: Outcome): outcome is Extract<Outcome, { kind: 'timed-out' | 'failed' }> {
  return outcome.kind === 'timed-out' || (outcome.kind === 'failed' && outcome.transport);
}

/** So many visits in a row that hang, without one trial that completes, are enough. */
const MOST_HUNG = 2;

/** Which modes have hung in visit after visit. */
export class Quarantine {
  readonly #hung = new Map<string, number>();
  readonly #emit: Emit;
  readonly #reasons: ReadonlyMap<string, string>;

  /** @param reasons why modes are in quarantine, by the journal; it goes on changing */
  constructor(reasons: ReadonlyMap<string, string>, emit: Emit) {
    this.#reasons = reasons;
    this.#emit = emit;
  }

  /** Why no trial of the mode is run any more; undefined where they are. */
  reason(mode: string): string | undefined {
    return this.#reasons.get(mode);
  }

  /** A visit has ended. @param hung why nothing came of it, where it hung */
  visited(mode: string, hung: string | undefined): void {
    const times = hung === undefined ? 0 : (this.#hung.get(mode) ?? 0) + 1;
    this.#hung.set(mode, times);
    if (hung === undefined || times < MOST_HUNG) return;
    const reason = `${mode} is in quarantine, since it hung in ${times} blocks in a row: ${hung}`;
    this.#emit({ type: 'quarantined', mode, reason });
    this.#emit({
      type: 'incident',
      kind: 'recovery',
      target: null,
      trial: null,
      text: `${reason}; resume --retry tries it again`,
    });
  }
}
