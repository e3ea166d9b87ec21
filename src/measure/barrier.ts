/**
 * Starts several guests together: each arrives once its shell is ready, and all are released at once. A guest
 * that fails before it arrives breaks the barrier for all, so that nobody waits for ever.
 */
export class Barrier {
  readonly #parties: number;
  readonly #go: Promise<void>;
  #open!: () => void;
  #fail!: (error: unknown) => void;
  #arrived = 0;

  constructor(parties: number) {
    this.#parties = parties;
    this.#go = new Promise((resolve, reject) => {
      this.#open = resolve;
      this.#fail = reject;
    });
    // Those that wait get the error; if nobody waits yet, it must not be an unhandled rejection.
    this.#go.catch(() => undefined);
  }

  async arrive(): Promise<void> {
    if (++this.#arrived === this.#parties) this.#open();
    await this.#go;
  }

  break(error: unknown): void {
    this.#fail(error);
  }
}
