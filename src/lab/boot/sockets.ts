/** The sockets of a box. Not in the run folder, because a socket's path is limited to 107 bytes. */
import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LabPaths } from '../paths.ts';

export interface BoxSockets {
  /** The GPU removes it once the box has connected. */
  gpu: string;
  /** QEMU's monitor. */
  monitor: string;
  /** The box's second serial port. */
  line: string;
}

export function boxSockets(paths: LabPaths, box: string): BoxSockets {
  const lab = createHash('sha256').update(paths.run).digest('hex').slice(0, 12);
  const socket = (what: string): string => join(tmpdir(), `vgpubench-${lab}-${box}${what}.sock`);
  return { gpu: socket(''), monitor: socket('-qmp'), line: socket('-line') };
}

/** All of a lab's. */
export function labSockets(paths: LabPaths): string[] {
  return ['bare', 'xen'].flatMap((box) => {
    const { gpu, monitor, line } = boxSockets(paths, box);
    return [gpu, monitor, line];
  });
}
