/**
 * The response to a hang, step by step: its trial is ended; its mode is left, which reloads what can be
 * reloaded, and entered again; its guests are restarted; and finally its mode is quarantined. Each step is in
 * the journal with its time.
 */
import type { Emit, EventOf, Outcome } from '../record/event.ts';

type Rung = Pick<EventOf<'rung'>, 'rung' | 'mode' | 'trial'>;

/**
 * Performs a step, and records whether it helped, and how long it took.
 * @param helped Whether it did, from the result of `work`.
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

/** Whether the state of what it ran on is now unknown. */
export function isHang(outcome: Outcome): outcome is Extract<Outcome, { kind: 'timed-out' | 'failed' }> {
  return outcome.kind === 'timed-out' || (outcome.kind === 'failed' && outcome.transport);
}

/**
 * The number of consecutive visits with a hang and without a completed trial after which a mode is given up.
 */
const MOST_HUNG = 2;

/** Which modes have hung in consecutive visits. */
export class Quarantine {
  readonly #hung = new Map<string, number>();
  readonly #emit: Emit;
  readonly #reasons: ReadonlyMap<string, string>;

  /** @param reasons why modes are in quarantine, from the journal; changes over time */
  constructor(reasons: ReadonlyMap<string, string>, emit: Emit) {
    this.#reasons = reasons;
    this.#emit = emit;
  }

  /** Why no more trials of the mode are run; undefined if they are. */
  reason(mode: string): string | undefined {
    return this.#reasons.get(mode);
  }

  /** A visit has ended. @param hung why it produced nothing, if it hung */
  visited(mode: string, hung: string | undefined): void {
    const times = hung === undefined ? 0 : (this.#hung.get(mode) ?? 0) + 1;
    this.#hung.set(mode, times);
    if (hung === undefined || times < MOST_HUNG) return;
    const reason = `${mode} is in quarantine, because it hung in ${times} consecutive blocks: ${hung}`;
    this.#emit({ type: 'quarantined', mode, reason });
    this.#emit({
      type: 'incident',
      kind: 'recovery',
      target: null,
      trial: null,
      text: `${reason}; to try it again: resume --retry`,
    });
  }
}
