/**
 * Which test files run in parallel. Much of a run is waiting, for a login, a time limit or the start of a
 * program: so more files run at a time than there are cores, first those that wait, and then those that only
 * compute fill the gaps.
 */
import { join } from 'node:path';
import { GROUPS, type Read, needsQuiet } from './groups.ts';
import { shardsOf } from './shards.ts';

/** Paths of files that run in parallel, with a limit on how many at a time. */
export interface Wave {
  readonly files: string[];
  readonly concurrency: number;
}

interface Run {
  /** Of the checkout. */
  readonly root: string;
  /** From there. */
  readonly files: readonly string[];
  readonly read: Read;
  readonly cores: number;
}

/** Consecutive waves: what runs in parallel, and what has the machine to itself. */
export function wavesOf({ root, files, read, cores }: Run): Wave[] {
  const alone = files.filter((file) => needsQuiet(file, read));
  const beside = files.filter((file) => !needsQuiet(file, read));
  const computing = beside.filter((file) => GROUPS.fast(file, read));
  const waiting = beside.filter((file) => !computing.includes(file));
  const paths = (some: readonly string[]) => some.map((file) => join(root, file));
  return [
    {
      files: [...shardsOf(paths(waiting), 6 * cores), ...shardsOf(paths(computing), 4 * cores)],
      concurrency: 2 * cores,
    },
    { files: paths(alone), concurrency: 1 },
  ].filter((wave) => wave.files.length > 0);
}
