import { messageOf } from '../problem.ts';
import type { TrialEnd } from '../target/end-script.ts';
import { LinkLost } from '../target/link.ts';
import { NoRoom, noRoom } from '../target/no-room.ts';
import type { RunResult, TrialStream } from '../target/stream.ts';
import type { Target, TrialOptions } from '../target/target.ts';

/** A link that is lost more often than this within one run is not worth another try. */
const PATIENCE = 5;

/**
 * Linux stores files in pages of this many bytes, or a multiple: output truncated by a full disk ends at a
 * page boundary.
 */
const PAGE_BYTES = 4096;

/** Whether a full disk may have truncated the output, or made the workload fail. */
function mayBeShort({ exitCode, stdout, stderr }: RunResult): boolean {
  if (exitCode !== 0) return true;
  return [stdout, stderr].some(({ length }) => length > 0 && length % PAGE_BYTES === 0);
}

/** The result of a run in a guest. */
export interface GuestResult {
  guest: GuestRun;
  result: RunResult;
  /** Of the clock that measured its duration. */
  tickNs: number;
}

/** One guest's part in a trial: its stream, reopened whenever the link was lost. */
export class GuestRun {
  readonly target: Target;
  readonly #options: TrialOptions;
  readonly #onLinkLost: (text: string) => void;
  readonly #over: AbortSignal;
  #stream: TrialStream | undefined;

  /** @param over aborts when the trial ends: nothing is begun or reported from then on. */
  constructor(target: Target, options: TrialOptions, onLinkLost: (text: string) => void, over: AbortSignal) {
    this.target = target;
    this.#options = options;
    this.#onLinkLost = onLinkLost;
    this.#over = over;
  }

  /**
   * Begins the trial there; repeated if the link is lost, because nothing has run yet. @throws LinkLost,
   * Problem
   */
  async open(): Promise<void> {
    for (let losses = 1; ; losses++) {
      try {
        await this.#opened();
        return;
      } catch (error) {
        await this.#afterLoss(error, losses);
      }
    }
  }

  /**
   * Runs the workload once under `key`. If the link is lost meanwhile, reconnects and fetches the result that
   * the guest kept: the workload is not run twice.
   * @throws LinkLost if the target can't be reached again, or lost the link before a run that has to start
   *   together with others.
   */
  async run(key: string, barrier?: () => Promise<void>): Promise<GuestResult> {
    const { result, tickNs } = await this.#run(key, barrier);
    return { guest: this, result, tickNs };
  }

  async #run(
    key: string,
    barrier: (() => Promise<void>) | undefined,
  ): Promise<{ result: RunResult; tickNs: number }> {
    let waitFor = barrier;
    for (let losses = 1; ; losses++) {
      try {
        const stream = await this.#opened();
        const result = await stream.run(key, waitFor);
        if (mayBeShort(result) && !(await this.target.hasRoom()))
          throw noRoom('nothing more could be written after it had ended');
        return { result, tickNs: stream.tickNs };
      } catch (error) {
        if (error instanceof NoRoom) this.target.full();
        await this.#afterLoss(error, losses);
        if (barrier !== undefined && !(await this.hasBegun(key))) throw error;
        waitFor = undefined;
      }
    }
  }

  /** Reports that the link was lost, and reconnects. @throws the error if another try is not worth it. */
  async #afterLoss(error: unknown, losses: number): Promise<void> {
    this.close();
    // A trial that has ended also ended its streams: a lost link looks the same.
    if (!(error instanceof LinkLost) || losses > PATIENCE || this.#over.aborted) throw error;
    this.#onLinkLost(error.words);
    await this.target.reconnect((again) => {
      if (this.#over.aborted) return;
      this.#onLinkLost(`still no connection: ${again.found ?? messageOf(again)}`);
    }, this.#over);
  }

  /** Whether the guest has begun a run with that key, even over an earlier link. @throws LinkLost */
  async hasBegun(key: string): Promise<boolean> {
    return this.target.hasBegun(this.#options.directory, key);
  }

  /** Ends whatever the trial left running in the guest. @throws LinkLost */
  async end(graceMs: number): Promise<TrialEnd> {
    try {
      return await this.target.endTrial(this.#options.directory, graceMs);
    } catch (error) {
      // Ending twice is harmless, and leftovers would disturb the next trial. A target that was given up is
      // left alone.
      if (!(error instanceof LinkLost) || this.target.unreachable !== undefined) throw error;
      await this.target.reconnect(() => undefined);
      return this.target.endTrial(this.#options.directory, graceMs);
    }
  }

  /** Removes the trial's files. @throws LinkLost */
  async forget(): Promise<void> {
    await this.target.forgetTrial(this.#options.directory);
  }

  async #opened(): Promise<TrialStream> {
    this.#over.throwIfAborted();
    try {
      this.#stream ??= await this.target.openTrial(this.#options);
    } catch (error) {
      if (error instanceof NoRoom) this.target.full();
      throw error;
    }
    if (this.#over.aborted) this.close();
    this.#over.throwIfAborted();
    return this.#stream;
  }

  close(): void {
    this.#stream?.close();
    this.#stream = undefined;
  }
}
