import { closeSync, fdatasyncSync, fstatSync, ftruncateSync, openSync, writeSync } from 'node:fs';
import { type Event, type EventBody, JOURNAL_FORMAT } from './event.ts';
import { requireReadable, wholeBytesOf } from './read-journal.ts';

/**
 * The append-only truth of a run: one JSON line an event. A line is handed to the kernel before `append`
 * returns, so that it survives the death of this process; `sync` has it survive the machine's as well.
 */
export class Journal {
  readonly #file: number;
  readonly #listeners: ((event: Event) => void)[] = [];

  private constructor(file: number) {
    this.#file = file;
  }

  /** Begins a journal. @throws Error (EEXIST) where there is one already. */
  static create(path: string): Journal {
    return new Journal(openSync(path, 'ax'));
  }

  /** Goes on with a journal, after cutting off a last line that was not written to its end. @throws Problem */
  static reopen(path: string): Journal {
    requireReadable(path);
    const wholeBytes = wholeBytesOf(path);
    const file = openSync(path, 'r+');
    if (fstatSync(file).size > wholeBytes) ftruncateSync(file, wholeBytes);
    closeSync(file);
    return new Journal(openSync(path, 'a'));
  }

  /** Calls `listener` with each event after it was written. */
  listen(listener: (event: Event) => void): void {
    this.#listeners.push(listener);
  }

  append(body: EventBody): void {
    const atMs = Number(process.hrtime.bigint() / 1000n) / 1000;
    const event: Event = { v: JOURNAL_FORMAT, atMs, wall: new Date().toISOString(), ...body };
    writeWhole(this.#file, Buffer.from(`${JSON.stringify(event)}\n`));
    for (const listener of this.#listeners) listener(event);
  }

  sync(): void {
    fdatasyncSync(this.#file);
  }

  close(): void {
    this.sync();
    closeSync(this.#file);
  }
}

function writeWhole(file: number, bytes: Buffer): void {
  for (let written = 0; written < bytes.length;) written += writeSync(file, bytes, written);
}
