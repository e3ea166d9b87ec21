import { closeSync, fdatasyncSync, fstatSync, ftruncateSync, openSync, readSync, writeSync } from 'node:fs';
import { Problem, messageOf } from '../problem.ts';
import { type Event, type EventBody, JOURNAL_FORMAT, eventSchema } from './event.ts';

const PART_BYTES = 2 ** 20;

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

  /** Goes on with a journal, after cutting off a last line that was not written to its end. */
  static reopen(path: string): Journal {
    const { wholeBytes } = readJournal(path);
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

/**
 * Reads a journal. A last line without its newline was being written when the machine or the harness died:
 * it is no event. Any other line that can't be read is an error, not skipped.
 * @throws Problem that names the line.
 */
export function readJournal(path: string): { events: Event[]; wholeBytes: number } {
  const events: Event[] = [];
  const trials = new Map<string, string>();
  let wholeBytes = 0;
  for (const part of wholeLines(path)) {
    wholeBytes += part.length;
    const lines = part.toString('utf8').split('\n').slice(0, -1);
    for (const line of lines) events.push(lean(parseLine(line, events.length + 1, path), trials));
  }
  return { events, wholeBytes };
}

/** A sample as it was read, but with its trial's id and its empty records shared: a run may have a million. */
function lean(event: Event, trials: Map<string, string>): Event {
  if (event.type !== 'sample') return event;
  const trial = trials.get(event.trial);
  if (trial === undefined) trials.set(event.trial, event.trial);
  else event.trial = trial;
  for (const { readings } of event.guests)
    for (const reading of readings) {
      if (isEmpty(reading.phases)) reading.phases = NONE;
      if (isEmpty(reading.crossings)) reading.crossings = NONE;
    }
  return event;
}

const NONE: Record<string, number> = Object.freeze({});

function isEmpty(record: Record<string, number>): boolean {
  for (const _ in record) return false;
  return true;
}

/** The file's whole lines, some at a time: all at once would need the memory of the file, and more. */
function* wholeLines(path: string): Generator<Buffer> {
  const file = attempt(path, () => openSync(path, 'r'));
  try {
    let rest = Buffer.alloc(0);
    for (;;) {
      const part = Buffer.allocUnsafe(PART_BYTES);
      const length = attempt(path, () => readSync(file, part));
      if (length === 0) return;
      const bytes = Buffer.concat([rest, part.subarray(0, length)]);
      const end = bytes.lastIndexOf(0x0a) + 1;
      yield bytes.subarray(0, end);
      rest = bytes.subarray(end);
    }
  } finally {
    closeSync(file);
  }
}

function attempt<T>(path: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new Problem({
      code: 'VGB-JOURNAL-READ',
      message: `cannot read the journal ${path}`,
      expected: 'the directory of a run, which holds journal.jsonl',
      found: messageOf(error),
      next: 'name a run directory, such as the newest one under reports/',
    });
  }
}

function parseLine(line: string, number: number, path: string): Event {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (error) {
    throw unreadable(path, number, messageOf(error));
  }
  const parsed = eventSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw unreadable(path, number, `${issue?.path.map(String).join('.') ?? ''}: ${issue?.message ?? ''}`);
}

function unreadable(path: string, line: number, found: string): Problem {
  return new Problem({
    code: 'VGB-JOURNAL-LINE',
    message: `${path}:${line}: not an event of format ${JOURNAL_FORMAT}`,
    expected: 'a line that vgpubench wrote, untouched',
    found,
    next: 'restore the file from a copy; a journal is never edited by hand',
  });
}
