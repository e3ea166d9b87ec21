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
  /** How often Slurm is asked, in ms. */
  everyMs: number;
  /** How often each shard is submitted at most, the first time included. */
  attempts: number;
  /** Hears how it goes: a line where something changed. */
  tell?: ((line: string) => void) | undefined;
}

/** @throws Problem */
function requireUncollected(directory: string): void {
  const merged = join(directory, MERGED);
  if (!existsSync(join(merged, FILES.journal))) return;
  throw new Problem({
    code: 'VGB-FLEET-COLLECTED',
    message: `${directory} was collected already`,
    expected: 'shards that were not yet made one run',
    found: merged,
    next: `make its report again: vgpubench report ${quote(merged)}; or merge some of the shards by hand: vgpubench merge`,
  });
}

/** Of a fleet’s folder: the run that its shards become. */
const MERGED = 'merged';

/** How a shard stands. */
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
 * Waits until every shard that was submitted has ended, submits those again that are lost with their node, and makes one run
 * of all, in the fleet’s folder `merged`. It may be ended and called again at any time: what is submitted goes on.
 * @throws Problem where a shard refuses to run, or none has ended
 */
export async function collectFleet(directory: string, options: CollectOptions): Promise<Merged> {
  const { everyMs, attempts, tell = () => undefined } = options;
  let fleet = readFleet(directory);
  requireUncollected(directory);
  /** Gone when they were looked at last: done files may come late over a network’s file system. */
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
      tell(
        `submitted again, for they were lost: ${shards.map((shard) => `${shard}/${fleet.of}`).join(', ')}`,
      );
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

/** Slurm’s times are those of its own zone. */
function dayBefore({ jobs }: Fleet): string {
  const DAY_MS = 86_400_000;
  return new Date(Date.parse(jobs[0]?.submitted ?? '') - DAY_MS).toISOString().slice(0, 10);
}

/** Exit codes of shards that came to an end which running them again would not change. */
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

/** @throws Problem where a shard could not begin, and would not be able to the next time */
function requireWorkable(directory: string, { shard, attempt, exitCode }: Standing, fleet: Fleet): void {
  if (exitCode !== 2) return;
  const job = fleet.jobs.find((one) => one.attempt === attempt && one.shards.includes(shard))?.id ?? '';
  throw new Problem({
    code: 'VGB-FLEET-SHARD',
    message: `shard ${shard}/${fleet.of} could not be run`,
    expected: 'an experiment file that is right on the nodes as well',
    found: `exit code 2; why is in ${join(directory, 'logs', `${job}_${shard}.log`)}`,
    next: 'mend what it says there, and submit anew',
  });
}

/** All that ended by themselves: of others nobody knows whether they still write. */
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
      next: `see the logs in ${join(directory, 'logs')}; then submit anew, or collect with more --attempts: vgpubench collect ${quote(directory)}`,
      exitCode: 4,
    });
  return mergeRuns(runs, {
    ...{ out: join(directory, MERGED), unit },
    tell: (_, place, of) => tell?.(`merging shard ${place} of ${of}`),
  });
}
