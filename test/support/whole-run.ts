import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { readRun } from '../../src/record/read-run.ts';
import { eventsIn } from './events.ts';

/** How many lines a file has; 0 where there is none. */
export const linesIn = (path: string): number =>
  existsSync(path) ? readFileSync(path, 'utf8').split('\n').length - 1 : 0;

/** Every sample of every trial once, in order, by the journal; and the workload, which marks each run, ran as often as that. */
export function assertWhole(directory: string, marker: string, samples: number): void {
  const { plan } = readRun(directory);
  const events = eventsIn(directory);
  for (const { id } of plan.trials) {
    const own = events.filter((event) => event.type === 'sample').filter(({ trial }) => trial === id);
    assert.deepEqual(
      own.map(({ index }) => index),
      Array.from({ length: samples }, (_, index) => index),
      id,
    );
  }
  assert.equal(linesIn(marker), plan.trials.length * samples, 'runs of the workload');
}
