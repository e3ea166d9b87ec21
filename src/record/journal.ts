import { closeSync, fdatasyncSync, fstatSync, ftruncateSync, openSync, statSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { Problem, messageOf } from '../problem.ts';
import { type Event, type EventBody, JOURNAL_FORMAT } from './event.ts';
import { linesWithin, wholeBytesOf } from './read-journal.ts';
import { quote } from '../words/quote.ts';

/**
 * The append-only truth of a run: one JSON line an event. A line is handed to the kernel before `append`
 * returns, so that it survives the death of this process; `sync` has it survive the machine's as well.
 */
export class Journal {
  readonly #path: string;
  readonly #file: number;
  readonly #listeners: ((event: Event) => void)[] = [];
  /** Up to the end of the last whole line. */
  #bytes: number;
  /** So many. */
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

  /** Begins a journal. @throws Error where there is one already, unless nothing was ever written to it; Problem */
  static create(path: string): Journal {
    const journal = new Journal(path, 0);
    if (!journal.#torn) return journal;
    journal.close();
    throw new Error(`EEXIST: there is a journal already: ${path}`);
  }

  /** Goes on with a journal, after a last line that was not written to its end, which the next one replaces. @throws Problem */
  static reopen(path: string): Journal {
    return new Journal(path, wholeBytesOf(path));
  }

  /** Its file was deleted, seen at the last attempt to write: what is written to it goes with this process. */
  get isGone(): boolean {
    return this.#gone;
  }

  /** Calls `listener` with each event after it was written. */
  listen(listener: (event: Event) => void): void {
    this.#listeners.push(listener);
  }

  /** @throws Problem where it can't be written: the journal then ends with the line before, and may be tried again. */
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
    if (there?.ino !== ino) throw new Error('it was moved away, or another is in its place');
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

  /** Cuts off what was written of a line, since the next one would be glued to it. */
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
          expected: 'a disk with room, and the run directory where it was',
          found: messageOf(error),
          next: this.#next(),
          exitCode: 4,
        },
        { cause: error },
      );
    }
  }

  #next(): string {
    if (this.#gone) return 'what it held is lost: run the experiment again: vgpubench run FILE';
    return this.#bytes === 0
      ? 'make room, and run the experiment again: vgpubench run FILE'
      : `make room, or put it back where it was, and go on: vgpubench resume ${quote(dirname(this.#path))}`;
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
