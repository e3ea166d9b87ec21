import { closeSync, fdatasyncSync, openSync, writeSync } from 'node:fs';
import type { Digests } from './digests.ts';
import { type Event, type EventBody } from './event.ts';
import { happenedNow, textOf } from './journal.ts';

const PART_CHARACTERS = 2 ** 20;

/**
 * Merges journals of shards into one, event by event, in constant memory. Events keep their times; lines are
 * renumbered, and each shard begins with the digests of the merged run’s own files.
 * @param closing What was found in merging, after all of them.
 * @throws Error if it can't be written, or exists already
 */
export function writeMergedJournal(
  path: string,
  shards: Iterable<Iterable<Event>>,
  digests: Digests,
  closing: Iterable<EventBody>,
): void {
  const file = openSync(path, 'wx');
  try {
    let [text, seq] = ['', 0];
    let newest: Pick<Event, 'v' | 'atMs' | 'wall'> | undefined;
    const write = (event: Event) => {
      if (newest === undefined || event.wall >= newest.wall) newest = event;
      text += `${textOf({ ...event, seq: ++seq })}\n`;
      if (text.length < PART_CHARACTERS) return;
      writeAll(file, text);
      text = '';
    };
    for (const events of shards)
      for (const event of events) write(event.type === 'run-started' ? { ...event, digests } : event);
    // The time of merging says nothing about the run, and the same shards give the same bytes.
    for (const body of closing) {
      const { v, atMs, wall } = newest ?? happenedNow(body);
      write({ v, atMs, wall, ...body });
    }
    writeAll(file, text);
    fdatasyncSync(file);
  } finally {
    closeSync(file);
  }
}

function writeAll(file: number, text: string): void {
  const bytes = Buffer.from(text);
  for (let written = 0; written < bytes.length;) written += writeSync(file, bytes, written);
}
