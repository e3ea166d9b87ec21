import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { Problem, messageOf } from '../problem.ts';
import { type Event, JOURNAL_FORMAT, eventSchema } from './event.ts';
import { moderniser } from './modernise.ts';
import { SampleShapes } from './sample-shapes.ts';

const PART_BYTES = 2 ** 20;

/**
 * Reads a journal's events, of whatever format, one after the other. A last line without its newline was being
 * written when the machine or the harness died: it is no event. Any other line that can't be read is an error.
 * @throws Problem that names the line.
 */
export function* readEvents(path: string): Generator<Event> {
  const modernise = moderniser();
  const shapes = new SampleShapes();
  let number = 0;
  for (const part of wholeLines(path)) {
    const text = part.toString('utf8');
    let from = 0;
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', from)) {
      number++;
      const line = text.slice(from, end);
      from = end + 1;
      yield shapes.read(line) ?? parseLine(line, number, path, modernise, shapes);
    }
  }
}

/** A journal in doubt is left as it is. @throws Problem where a whole line of it is no event. */
export function requireReadable(path: string): void {
  const events = readEvents(path);
  while (events.next().done !== true);
}

/** Up to the end of its last whole line. @throws Problem */
export function wholeBytesOf(path: string): number {
  const file = attempt(path, () => openSync(path, 'r'));
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

function parseLine(
  line: string,
  number: number,
  path: string,
  modernise: (line: unknown) => unknown,
  shapes: SampleShapes,
): Event {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (error) {
    throw unreadable(path, number, messageOf(error));
  }
  const modern = modernise(value);
  const parsed = eventSchema.safeParse(modern);
  if (parsed.success) {
    const event: Event = modern === value ? parsed.data : { ...parsed.data, v: 1 };
    shapes.learn(line, value, event);
    return event;
  }
  const issue = parsed.error.issues[0];
  throw unreadable(path, number, `${issue?.path.map(String).join('.') ?? ''}: ${issue?.message ?? ''}`);
}

function unreadable(path: string, line: number, found: string): Problem {
  return new Problem({
    code: 'VGB-JOURNAL-LINE',
    message: `${path}:${line}: not an event of format 1 to ${JOURNAL_FORMAT}`,
    expected: 'a line that vgpubench wrote, untouched',
    found,
    next: 'restore the file from a copy; a journal is never edited by hand',
  });
}
