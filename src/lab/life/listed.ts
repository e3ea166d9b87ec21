/** The existing snapshots, for display: which of them would a lab use? */
import { labProblem } from '../lab-problem.ts';
import { labPaths } from '../paths.ts';
import { currentKey } from './snapshot-key.ts';
import { listSnapshots, removeSnapshot, type Snapshot } from './snapshots.ts';

export interface ListedSnapshot {
  key: string;
  /** Undefined if it can't be read; the next lab that would use it removes it. */
  read?: Snapshot;
  /** Whether a lab of its layout would use it now. */
  current: boolean;
}

/** The last used first. */
export async function listedSnapshots(paths = labPaths()): Promise<ListedSnapshot[]> {
  const found = await listSnapshots(paths);
  return Promise.all(
    found.map(async (one) => {
      if (!('guests' in one)) return { key: one.key, current: false };
      const { key, guests, bare } = one;
      return { key, read: one, current: (await currentKey(paths, guests, bare)) === key };
    }),
  );
}

/**
 * @param key Of one, or `all`.
 * @returns the keys of those removed.
 * @throws Problem if there is none with that key.
 */
export async function removeSnapshots(key: string, paths = labPaths()): Promise<string[]> {
  const keys = (await listSnapshots(paths)).map((one) => one.key);
  const wanted = key === 'all' ? keys : keys.filter((one) => one === key);
  if (wanted.length === 0 && key !== 'all')
    throw labProblem('VGB-LAB-SNAPSHOT', { message: 'no such snapshot', found: key });
  for (const one of wanted) await removeSnapshot(paths, one);
  return wanted;
}
