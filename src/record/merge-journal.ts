import { closeSync, fdatasyncSync, openSync, writeSync } from 'node:fs';
import type { Digests } from './digests.ts';
import { type Event, type EventBody } from './event.ts';
import { happenedNow, textOf } from './journal.ts';

const PART_CHARACTERS = 2 ** 20;

/**
 * Writes one journal of those of shards, event by event: what it holds at a time does not grow with them. Events keep their
 * times; places are counted anew, and each shard begins with the digests of the merged run’s own files.
 * @param closing What was found in merging, after all of them.
 * @throws Error where it can't be written, or is there already
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
    // When shards are merged says nothing of the run, and the same shards give the same bytes.
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
