/** What a guest printed between two marks, and the words of the second mark. */
export interface Frame {
  /** The bytes before the mark, truncated at the limit. */
  payload: Buffer;
  /** How many bytes were dropped. */
  dropped: number;
  words: string[];
}

/**
 * Splits a guest's byte stream into frames. A mark is a line that begins with the nonce, 128 random bits that
 * only the harness and the guest's own shell know: a workload's output can't forge one. Binary-safe, and
 * bounded by `limit` bytes per frame however much the guest sends.
 */
export class FrameReader {
  readonly #mark: Buffer;
  /** The maximum number of bytes of a frame that are kept. */
  limit: number;
  #pending: Buffer = Buffer.alloc(0);
  #payload: Buffer[] = [];
  #kept = 0;
  #dropped = 0;

  constructor(nonce: string, limit: number) {
    this.#mark = Buffer.from(`\n${nonce} `);
    this.limit = limit;
  }

  push(chunk: Buffer): Frame[] {
    const frames: Frame[] = [];
    this.#pending = this.#pending.length === 0 ? chunk : Buffer.concat([this.#pending, chunk]);
    for (;;) {
      const start = this.#pending.indexOf(this.#mark);
      if (start === -1) {
        this.#keep(Math.max(0, this.#pending.length - this.#mark.length + 1));
        return frames;
      }
      const end = this.#pending.indexOf('\n', start + this.#mark.length);
      if (end === -1) return frames;
      const words = this.#pending.toString('latin1', start + this.#mark.length, end).split(' ');
      this.#keep(start);
      frames.push({ payload: Buffer.concat(this.#payload), dropped: this.#dropped, words });
      this.#payload = [];
      this.#kept = 0;
      this.#dropped = 0;
      this.#pending = this.#pending.subarray(end - start + 1);
    }
  }

  /** What came after the last mark, at most its end: without a mark, the words of a server or a program. */
  get unframed(): string {
    return Buffer.concat([...this.#payload, this.#pending])
      .toString('utf8')
      .slice(-4096);
  }

  /** Moves the first `length` pending bytes to the payload. */
  #keep(length: number): void {
    const room = Math.max(0, this.limit - this.#kept);
    const taken = Math.min(room, length);
    if (taken > 0) this.#payload.push(Buffer.from(this.#pending.subarray(0, taken)));
    this.#kept += taken;
    this.#dropped += length - taken;
    this.#pending = this.#pending.subarray(length);
  }
}
