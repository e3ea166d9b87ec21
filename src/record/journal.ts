import { closeSync, fdatasyncSync, fstatSync, ftruncateSync, openSync, statSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { Problem, messageOf } from '../problem.ts';
import { type Event, type EventBody, JOURNAL_FORMAT } from './event.ts';
import { linesWithin, wholeBytesOf } from './read-journal.ts';
import { quote } from '../words/quote.ts';

/**
 * The append-only record from which everything about a run is derived: one JSON line per event. A line is
 * handed to the kernel before `append` returns, so that it survives the death of this process; `sync` makes
 * it survive a crash of the machine as well.
 */
export class Journal {
  readonly #path: string;
  readonly #file: number;
  readonly #listeners: ((event: Event) => void)[] = [];
  /** Up to the end of the last complete line. */
  #bytes: number;
  /** The number of lines. */
  #lines: number;
  #torn: boolean;
  #gone = false;

  private constructor(path: string, bytes: number) {
    this.#path = path;
    this.#bytes = bytes;
    this.#lines = bytes === 0 ? 0 : linesWithin(path, bytes);
    this.#file = this.#attempt(() => openSync(path, 'a'));
    this.#torn = fstatSync(this.#file).size > bytes;
  }

  /** Begins a journal. @throws Error if one exists already, unless nothing was ever written to it; Problem */
  static create(path: string): Journal {
    const journal = new Journal(path, 0);
    if (!journal.#torn) return journal;
    journal.close();
    throw new Error(`EEXIST: there is a journal already: ${path}`);
  }

  /** Continues a journal; an incomplete last line is replaced by the next one. @throws Problem */
  static reopen(path: string): Journal {
    return new Journal(path, wholeBytesOf(path));
  }

  /**
   * Its file was deleted, noticed at the last attempt to write: what is written to it is lost with this
   * process.
   */
  get isGone(): boolean {
    return this.#gone;
  }

  /** Calls `listener` with each event after it was written. */
  listen(listener: (event: Event) => void): void {
    this.#listeners.push(listener);
  }

  /**
   * @throws Problem if it can't be written: the journal then ends with the previous line, and can be tried
   * again.
   */
  append(body: EventBody): void {
    const event = { ...happenedNow(body), seq: this.#lines + 1 };
    this.#attempt(() => {
      this.#write(Buffer.from(`${textOf(event)}\n`));
    });
    for (const listener of this.#listeners) listener(event);
  }

  /** @throws Problem */
  sync(): void {
    this.#attempt(() => {
      fdatasyncSync(this.#file);
    });
  }

  close(): void {
    closeSync(this.#file);
  }

  #write(line: Buffer): void {
    const { nlink, ino, size } = fstatSync(this.#file);
    const there = statSync(this.#path, { throwIfNoEntry: false });
    this.#gone = nlink === 0;
    if (this.#gone) throw new Error('it was deleted');
    if (there?.ino !== ino) throw new Error('it was moved, or replaced by another file');
    if (size !== this.#bytes && !this.#torn) throw new Error('something else has written to it');
    if (this.#torn) this.#cut();
    this.#torn = true;
    try {
      for (let written = 0; written < line.length;) written += writeSync(this.#file, line, written);
    } catch (error) {
      this.#cut();
      throw error;
    }
    this.#bytes += line.length;
    this.#lines++;
    this.#torn = false;
  }

  /** Removes a partially written line, to which the next one would be appended. */
  #cut(): void {
    ftruncateSync(this.#file, this.#bytes);
    this.#torn = false;
  }

  #attempt<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      throw new Problem(
        {
          code: 'VGB-JOURNAL-WRITE',
          message: `cannot write to the journal ${this.#path}`,
          expected: 'a disk with free space, and the run directory in its place',
          found: messageOf(error),
          next: this.#next(),
          exitCode: 4,
        },
        { cause: error },
      );
    }
  }

  #next(): string {
    if (this.#gone) return 'its content is lost; run the experiment again: vgpubench run FILE';
    return this.#bytes === 0
      ? 'free some space, and run the experiment again: vgpubench run FILE'
      : `free some space, or move it back to its place, and continue: vgpubench resume ${quote(dirname(this.#path))}`;
  }
}

export function textOf({ v, seq, ...rest }: Event): string {
  return JSON.stringify({ v, seq, ...rest });
}

/** What happened, and when. */
export function happenedNow(body: EventBody): Event {
  const atMs = Number(process.hrtime.bigint() / 1000n) / 1000;
  return { v: JOURNAL_FORMAT, atMs, wall: new Date().toISOString(), ...body };
}
