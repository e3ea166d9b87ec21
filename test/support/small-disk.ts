/** A disk of a few pages: a separate tmpfs, which a test fills and empties. It needs root. */
import { execFileSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, rmdirSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface SmallDisk {
  folder: string;
  /** Leaves no page free. */
  fill: () => void;
  /** Removes what filled it. */
  free: () => void;
  remove: () => void;
}

export function smallDisk(kib = 16 * 1024): SmallDisk {
  if (process.getuid?.() !== 0) throw new Error('this test needs root: it mounts a disk of its own');
  const folder = mkdtempSync(join(tmpdir(), 'vgb-disk-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${kib}k,mode=755`, 'vgb-disk', folder]);
  } catch (error) {
    rmdirSync(folder);
    throw error;
  }
  const filler = join(folder, 'filler');
  return {
    folder,
    fill: () => {
      const file = openSync(filler, 'a');
      try {
        for (let page = Buffer.alloc(4096); ;) writeSync(file, page);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
      } finally {
        closeSync(file);
      }
    },
    free: () => {
      rmSync(filler, { force: true });
    },
    remove: () => {
      execFileSync('umount', ['--lazy', folder]);
      rmdirSync(folder);
    },
  };
}
