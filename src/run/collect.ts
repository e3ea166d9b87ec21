import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Fleet, newestAttempts, readFleet } from '../fleet/fleet-file.ts';
import { doneFile, shardDirectory } from '../fleet/job-script.ts';
import { statesOfJobs } from '../fleet/slurm.ts';
import type { TaskStates } from '../fleet/states.ts';
import { Problem } from '../problem.ts';
import { FILES } from '../record/run-directory.ts';
import { quote } from '../words/quote.ts';
import { type Merged, type MergeOptions, mergeRuns } from './merge.ts';
import { submitShards } from './submit.ts';

export interface CollectOptions extends Pick<MergeOptions, 'unit'> {
  /** The interval between queries to Slurm, in ms. */
  everyMs: number;
  /** How many times each shard is submitted at most, including the first time. */
  attempts: number;
  /** Receives a line of progress whenever something changed. */
  tell?: ((line: string) => void) | undefined;
}

/** @throws Problem */
function requireUncollected(directory: string): void {
  const merged = join(directory, MERGED);
  if (!existsSync(join(merged, FILES.journal))) return;
  throw new Problem({
    code: 'VGB-FLEET-COLLECTED',
    message: `${directory} has already been collected`,
    expected: 'shards that have not been merged yet',
    found: merged,
    next: `to make its report again: vgpubench report ${quote(merged)}; to merge some of the shards yourself: vgpubench merge`,
  });
}

/** The merged run in a fleet’s folder. */
const MERGED = 'merged';

/** The state of a shard. */
interface Standing {
  shard: number;
  attempt: number;
  /** Of its newest attempt, once it has ended by itself. */
  exitCode: number | undefined;
  /** In words. */
  words: string;
  lost: boolean;
}

/**
 * Waits until every submitted shard has ended, resubmits those lost with their node, and merges all into one
 * run, in the fleet’s folder `merged`. It may be ended and called again at any time: submitted jobs keep
 * running.
 * @throws Problem if a shard refuses to run, or none has ended
 */
export async function collectFleet(directory: string, options: CollectOptions): Promise<Merged> {
  const { everyMs, attempts, tell = () => undefined } = options;
  let fleet = readFleet(directory);
  requireUncollected(directory);
  /** Missing at the last check: over a network file system, done files may appear late. */
  let missing = new Set<string>();
  let told = '';
  for (;;) {
    const states = await statesOfJobs(
      fleet.jobs.map(({ id }) => id),
      dayBefore(fleet),
    );
    const standings = standingsOf(directory, fleet, states);
    for (const one of standings) requireWorkable(directory, one, fleet);
    const line = standings.map(({ shard, words }) => `${shard}/${fleet.of} ${words}`).join(', ');
    if (line !== told) tell((told = line));
    const gone = standings.filter(({ lost }) => lost);
    const again = gone.filter(
      ({ shard, attempt }) => attempt < attempts && missing.has(`${shard}.${attempt}`),
    );
    for (const attempt of new Set(again.map((one) => one.attempt))) {
      const shards = again.filter((one) => one.attempt === attempt).map(({ shard }) => shard);
      fleet = await submitShards(directory, fleet, attempt + 1, shards);
      tell(`lost and submitted again: ${shards.map((shard) => `${shard}/${fleet.of}`).join(', ')}`);
    }
    const open = standings.filter(
      ({ exitCode, lost, attempt }) => exitCode === undefined && !(lost && attempt >= attempts),
    );
    const settling = gone.filter(({ shard, attempt }) => !missing.has(`${shard}.${attempt}`));
    if (open.length === 0 && settling.length === 0 && again.length === 0)
      return merge(directory, fleet, standings, options);
    missing = new Set(gone.map(({ shard, attempt }) => `${shard}.${attempt}`));
    await sleep(everyMs);
  }
}

/** Slurm’s times are in its own time zone. */
function dayBefore({ jobs }: Fleet): string {
  const DAY_MS = 86_400_000;
  return new Date(Date.parse(jobs[0]?.submitted ?? '') - DAY_MS).toISOString().slice(0, 10);
}

/** Exit codes of completed shards that running them again would not change. */
const ENDED = [0, 1, 2, 3, 4];

function standingsOf(directory: string, fleet: Fleet, states: TaskStates): Standing[] {
  return [...newestAttempts(fleet)]
    .sort(([a], [b]) => a - b)
    .map(([shard, { attempt, job }]) => {
      const code = exitCodeOf(join(directory, 'shards', doneFile(shard, attempt)));
      if (code !== undefined && ENDED.includes(code))
        return { shard, attempt, exitCode: code, lost: false, words: `ended with ${code}` };
      const known = states.get(`${job}_${shard}`);
      const lost = code !== undefined || known?.alive !== true;
      const how = code === undefined ? (known?.state ?? 'gone') : `ended with ${code}`;
      const reason = known === undefined || known.reason === '' ? '' : ` (${known.reason})`;
      return { shard, attempt, exitCode: undefined, lost, words: lost ? `lost: ${how}` : `${how}${reason}` };
    });
}

function exitCodeOf(path: string): number | undefined {
  return existsSync(path) ? Number(readFileSync(path, 'utf8').trim()) : undefined;
}

/** @throws Problem if a shard could not start, and would fail again */
function requireWorkable(directory: string, { shard, attempt, exitCode }: Standing, fleet: Fleet): void {
  if (exitCode !== 2) return;
  const job = fleet.jobs.find((one) => one.attempt === attempt && one.shards.includes(shard))?.id ?? '';
  throw new Problem({
    code: 'VGB-FLEET-SHARD',
    message: `shard ${shard}/${fleet.of} could not be run`,
    expected: 'an experiment file that is also valid on the nodes',
    found: `exit code 2; for the reason, see ${join(directory, 'logs', `${job}_${shard}.log`)}`,
    next: 'fix that, and submit again',
  });
}

/** All that ended by themselves: others may still be writing. */
function merge(
  directory: string,
  fleet: Fleet,
  standings: readonly Standing[],
  { unit, tell }: CollectOptions,
): Merged {
  const runs = standings
    .filter(({ exitCode }) => exitCode !== undefined)
    .map(({ shard, attempt }) => join(directory, 'shards', shardDirectory(shard, attempt)))
    .filter((run) => existsSync(join(run, FILES.journal)));
  if (runs.length === 0)
    throw new Problem({
      code: 'VGB-FLEET-LOST',
      message: `no shard of ${directory} has ended`,
      expected: `at least one of ${fleet.of}`,
      found: standings.map(({ shard, words }) => `${shard}/${fleet.of} ${words}`).join(', '),
      next: `see the logs in ${join(directory, 'logs')}; then submit again, or collect with more --attempts: vgpubench collect ${quote(directory)}`,
      exitCode: 4,
    });
  return mergeRuns(runs, {
    ...{ out: join(directory, MERGED), unit },
    tell: (_, place, of) => tell?.(`merging shard ${place} of ${of}`),
  });
}
