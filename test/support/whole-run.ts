import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { readRun } from '../../src/record/read-run.ts';
import { eventsIn } from './events.ts';
import type { Event } from '../../src/record/event.ts';

/** The number of lines of a file; 0 if there is none. */
export const linesIn = (path: string): number =>
  existsSync(path) ? readFileSync(path, 'utf8').split('\n').length - 1 : 0;

/**
 * Every sample of every attempt at a trial occurs once, in order, in the journal; and the workload, which
 * marks each run, ran equally often. There is a second attempt only if the first was cut off before its mode
 * was attested after it.
 */
export function assertWhole(directory: string, marker: string, samples: number): void {
  const { plan } = readRun(directory);
  const events = eventsIn(directory);
  const unproved = unprovedIn(events);
  for (const { id } of plan.trials) {
    const own = events.filter((event) => event.type === 'sample').filter(({ trial }) => trial === id);
    const attempts = [...new Set(own.map(({ attempt }) => attempt))];
    assert.ok(attempts.length <= 1 + unproved.filter((one) => one === id).length, id);
    for (const attempt of attempts)
      assert.deepEqual(
        own.filter((one) => one.attempt === attempt).map(({ index }) => index),
        Array.from({ length: samples }, (_, index) => index),
        id,
      );
  }
  const all = plan.trials.length + unproved.length;
  assert.equal(linesIn(marker), all * samples, 'runs of the workload');
}

/** Trials that had completed when their session was cut off, before their mode was attested after them. */
export function unprovedIn(events: readonly Event[]): string[] {
  const unproved: string[] = [];
  let open: string[] = [];
  for (const event of events) {
    if (event.type === 'trial-ended' && event.outcome.kind === 'completed') open.push(event.trial);
    if (event.type === 'attested' && event.when === 'after') open = [];
    if (event.type === 'run-resumed') unproved.push(...open.splice(0));
  }
  return unproved;
}
