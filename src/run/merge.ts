import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { shardName } from '../experiment/shard.ts';
import type { Plan } from '../plan/plan.ts';
import { Problem } from '../problem.ts';
import { digestsOf, requireUntouched } from '../record/digests.ts';
import type { Event, EventBody, EventOf } from '../record/event.ts';
import { lockRun } from '../record/lock.ts';
import { writeMergedJournal } from '../record/merge-journal.ts';
import { readEvents } from '../record/read-journal.ts';
import { readDesign } from '../record/read-run.ts';
import { FILES, createRunDirectory, makeRunDirectory, writing } from '../record/run-directory.ts';
import { type FoundShard, wholePlanOf } from './mergeable.ts';

export interface MergeOptions {
  /** The run directory to create. */
  out: string;
  /** The unit that intervals treat as independent. Default: the block, stratified by node. */
  unit?: 'block' | 'node' | undefined;
  /** Called for each shard as it is read. */
  tell?: ((shard: FoundShard, place: number, of: number) => void) | undefined;
}

export interface Merged {
  directory: string;
  plan: Plan;
  /** Shards that are missing. */
  lost: number[];
  /** Run directories of shards that did not finish. */
  cutOff: string[];
}

type EndReason = EventOf<'run-ended'>['reason'];

/**
 * Merges shards into one run. Journals are read and written event by event, so memory does not grow with the
 * number of samples. A missing shard is reported as an incident, and its trials as not run; a shard given
 * twice is rejected.
 * @throws Problem if they are not shards of one run, or can't be read or written
 */
export function mergeRuns(directories: readonly string[], options: MergeOptions): Merged {
  const { out, unit = 'block', tell = () => undefined } = options;
  const [first, ...others] = directories.map(foundShard).sort((a, b) => a.shard.index - b.shard.index);
  if (first === undefined) throw noShard('no run', 'none');
  const shards = [first, ...others] as const;
  const plan = wholePlanOf(shards);
  makeRunDirectory(out);
  const unlock = lockRun(out);
  try {
    createRunDirectory(out, readFileSync(join(first.directory, FILES.experiment), 'utf8'), plan);
    const ends = new Map<string, EndReason | null>();
    const journals = function* () {
      for (const [at, shard] of shards.entries()) {
        tell(shard, at + 1, shards.length);
        yield eventsOf(shard, ends);
      }
    };
    const present = new Set(shards.map(({ shard }) => shard.index));
    const lost = Array.from({ length: first.shard.of }, (_, at) => at + 1).filter(
      (index) => !present.has(index),
    );
    const closing = closingOf({ shards, lost, unit }, ends);
    writing(out, () => {
      writeMergedJournal(join(out, FILES.journal), journals(), digestsOf(out), closing);
    });
    const cutOff = shards.flatMap(({ directory }) => (isCutOff(ends.get(directory)) ? directory : []));
    return { directory: out, plan, lost, cutOff };
  } finally {
    unlock();
  }
}

/** What it was to do, from its journal’s first line and its files. @throws Problem */
function foundShard(directory: string): FoundShard {
  const opening = openingOf(directory);
  if (opening?.type !== 'run-started')
    throw noShard(directory, 'a journal that does not begin with run-started');
  if (opening.digests !== undefined) requireUntouched(directory, opening.digests);
  const { experiment, plan } = readDesign(directory);
  if (plan.shard === undefined || opening.shard === undefined)
    throw noShard(directory, 'a run of all blocks');
  return { directory, experiment, plan, shard: plan.shard, version: opening.versions['vgpubench'] ?? '' };
}

function openingOf(directory: string): Event | undefined {
  for (const event of readEvents(join(directory, FILES.journal))) return event;
  return undefined;
}

function noShard(directory: string, found: string): Problem {
  return new Problem({
    code: 'VGB-MERGE-SHARD',
    message: `${directory} is not a shard`,
    expected: 'run directories created by run --shard i/n',
    found,
    next: 'first run each shard: vgpubench run FILE --shard 1/2, and --shard 2/2',
  });
}

/** A shard’s events without its end, which is not the run’s. */
function* eventsOf({ directory }: FoundShard, ends: Map<string, EndReason | null>): Generator<Event> {
  ends.set(directory, null);
  for (const event of readEvents(join(directory, FILES.journal))) {
    if (event.type === 'run-ended') ends.set(directory, event.reason);
    else {
      if (event.type === 'run-resumed') ends.set(directory, null);
      yield event;
    }
  }
}

/** What follows all shards; called when they have been read. */
function* closingOf(
  {
    shards,
    lost,
    unit,
  }: { shards: readonly [FoundShard, ...FoundShard[]]; lost: number[]; unit: 'block' | 'node' },
  ends: ReadonlyMap<string, EndReason | null>,
): Generator<EventBody> {
  const { of } = shards[0].shard;
  yield { type: 'merged', unit, of, lost };
  for (const index of lost)
    yield incident(
      `shard ${shardName({ index, of })} is not among the merged runs, so its blocks are missing`,
    );
  for (const { directory, shard } of shards) {
    const end = ends.get(directory);
    if (isCutOff(end)) yield incident(`shard ${shardName(shard)} did not finish (${end ?? 'it was killed'})`);
  }
  const reasons = shards.map(({ directory }) => ends.get(directory));
  const whole = lost.length === 0 && !reasons.some(isCutOff);
  yield {
    type: 'run-ended',
    reason: !whole ? 'interrupted' : reasons.includes('budget') ? 'budget' : 'completed',
  };
}

function incident(text: string): EventBody {
  return { type: 'incident', kind: 'shard', target: null, trial: null, text };
}

function isCutOff(end: EndReason | null | undefined): boolean {
  return end === null || end === undefined || end === 'interrupted' || end === 'failed';
}
