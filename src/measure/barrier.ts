/**
 * Has several guests start together: each arrives once its shell stands ready, and all are let go at once.
 * A guest that fails before it arrives breaks the barrier for all, so that nobody waits for ever.
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
    // Whoever waits hears of it; where nobody waits yet it is no unhandled rejection.
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
