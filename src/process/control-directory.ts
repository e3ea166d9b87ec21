/** Private folders for the control sockets of ssh; each is named after the process that it belongs to. */
import { mkdtempSync, readdirSync, rmdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Problem, messageOf } from '../problem.ts';
import { isRunning } from './process-id.ts';

const NAME = /^vgb-(\d+)-\w+$/;

/**
 * A new one, its path short enough for a socket's; what processes that were killed left is removed on the way.
 * @throws Problem where none can be made.
 */
export function controlDirectory(): string {
  try {
    sweepControlDirectories();
    return mkdtempSync(join(tmpdir(), `vgb-${process.pid}-`));
  } catch (error) {
    throw new Problem({
      code: 'VGB-TEMPORARY',
      message: `cannot make a directory for ssh’s sockets in ${tmpdir()}`,
      expected: 'a directory that can be written to, with room',
      found: messageOf(error),
      next: 'make room there, or name another directory in TMPDIR',
      exitCode: 4,
    });
  }
}

export function sweepControlDirectories(): void {
  for (const name of readdirSync(tmpdir())) {
    const pid = Number(NAME.exec(name)?.[1] ?? 0);
    if (pid > 0 && !isRunning({ pid, startTicks: 0 })) removeEmpty(join(tmpdir(), name));
  }
}

function removeEmpty(path: string): void {
  try {
    rmdirSync(path);
  } catch {
    // Another user's, or with sockets: of a process that we can't see, in another container.
  }
}
