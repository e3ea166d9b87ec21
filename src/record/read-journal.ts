import { closeSync, fstatSync, readSync } from 'node:fs';
import { dirname } from 'node:path';
import { openRegular } from '../experiment/read-text.ts';
import { Problem, messageOf } from '../problem.ts';
import { type Event, JOURNAL_FORMAT, eventSchema } from './event.ts';
import { LineOrder } from './line-order.ts';
import { moderniser } from './modernise.ts';
import { SampleShapes } from './sample-shapes.ts';
import { quote } from '../words/quote.ts';
import { expectation, firstIssue } from '../words/expectation.ts';

const PART_BYTES = 2 ** 20;

/**
 * Reads a journal's events, of any format, one after the other. A last line without a newline was being
 * written when the machine or the harness died, and is ignored. Any other unreadable line is an error, or is
 * skipped if there is an `onUnreadable` to receive its number and the problem. The same applies to a line
 * that is not where it was written, because lines are missing, duplicated or moved there; but its event is
 * still returned.
 * @throws Problem that names the line.
 */
export function* readEvents(
  path: string,
  onUnreadable?: (line: number, found: string) => void,
): Generator<Event> {
  const modernise = moderniser();
  const shapes = new SampleShapes();
  const order = new LineOrder();
  let number = 0;
  for (const part of wholeLines(path)) {
    const text = part.toString('utf8');
    let from = 0;
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', from)) {
      number++;
      const line = text.slice(from, end);
      from = end + 1;
      const event = shapes.read(line) ?? parseLine(line, modernise, shapes);
      if (typeof event === 'string') {
        order.passOver();
        if (onUnreadable === undefined) throw unreadable(path, number, event);
        onUnreadable(number, event);
        continue;
      }
      const due = order.misplaced(event.seq);
      if (due !== undefined) {
        const found = `it was written as line ${event.seq ?? 0}`;
        if (onUnreadable === undefined) throw misplaced(path, number, due, found);
        onUnreadable(number, found);
      }
      yield event;
    }
  }
}

/** Up to the end of its last complete line. @throws Problem */
export function wholeBytesOf(path: string): number {
  const file = attempt(path, () => openRegular(path));
  try {
    for (let end = fstatSync(file).size; end > 0;) {
      const part = Buffer.alloc(Math.min(end, PART_BYTES));
      attempt(path, () => readSync(file, part, 0, part.length, end - part.length));
      const newline = part.lastIndexOf(0x0a);
      if (newline >= 0) return end - part.length + newline + 1;
      end -= part.length;
    }
    return 0;
  } finally {
    closeSync(file);
  }
}

/** The number of lines in its first bytes, which end with one. @throws Problem */
export function linesWithin(path: string, bytes: number): number {
  const file = attempt(path, () => openRegular(path));
  try {
    let lines = 0;
    const part = Buffer.alloc(Math.min(bytes, PART_BYTES));
    for (let from = 0; from < bytes;) {
      const length = attempt(path, () => readSync(file, part, 0, Math.min(part.length, bytes - from), from));
      if (length === 0) break;
      for (let at = part.indexOf(0x0a); at >= 0 && at < length; at = part.indexOf(0x0a, at + 1)) lines++;
      from += length;
    }
    return lines;
  } finally {
    closeSync(file);
  }
}

/** The file's complete lines, some at a time: all at once would need more memory than the file's size. */
function* wholeLines(path: string): Generator<Buffer> {
  const file = attempt(path, () => openRegular(path));
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
      next: 'use a run directory, such as the newest one under reports/',
    });
  }
}

/** The event, or the problem with the line, in words. */
function parseLine(
  line: string,
  modernise: (line: unknown) => unknown,
  shapes: SampleShapes,
): Event | string {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (error) {
    return messageOf(error);
  }
  const modern = modernise(value);
  const parsed = eventSchema.safeParse(modern, { error: expectation });
  if (parsed.success) {
    const event: Event = modern === value ? parsed.data : { ...parsed.data, v: 1 };
    shapes.learn(line, value, event);
    return event;
  }
  return firstIssue(parsed.error);
}

function misplaced(path: string, line: number, due: number, found: string): Problem {
  return new Problem({
    code: 'VGB-JOURNAL-ORDER',
    message: `${path}:${line}: preceding lines are missing, duplicated or moved`,
    expected: `line ${due} as it was written`,
    found,
    next: `restore the file from a copy; or make the report without the affected blocks: ${salvaging(path)}`,
  });
}

function salvaging(path: string): string {
  return `vgpubench report ${quote(dirname(path))} --salvage`;
}

function unreadable(path: string, line: number, found: string): Problem {
  return new Problem({
    code: 'VGB-JOURNAL-LINE',
    message: `${path}:${line}: not an event of format 1 to ${JOURNAL_FORMAT}`,
    expected: 'a line as written by vgpubench',
    found,
    next: `restore the file from a copy; or make the report without that line: ${salvaging(path)}`,
  });
}
