/** Private folders for the control sockets of ssh; each is named after the process that it belongs to. */
import { mkdtempSync, readdirSync, rmdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isRunning } from './process-id.ts';

const NAME = /^vgb-(\d+)-\w+$/;

/** A new one, its path short enough for a socket's; what processes that were killed left is removed on the way. */
export function controlDirectory(): string {
  sweepControlDirectories();
  return mkdtempSync(join(tmpdir(), `vgb-${process.pid}-`));
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
