/** Private folders for ssh's control sockets, each named after the process it belongs to. */
import { mkdtempSync, readdirSync, rmdirSync, unlinkSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Problem, messageOf } from '../problem.ts';
import { isRunning } from './process-id.ts';

const NAME = /^vgb-(\d+)-\w+$/;

/**
 * Creates one whose path is short enough for a socket's; removes those of killed processes.
 * @throws Problem if none can be created.
 */
export async function controlDirectory(): Promise<string> {
  try {
    await sweepControlDirectories();
    return mkdtempSync(join(tmpdir(), `vgb-${process.pid}-`));
  } catch (error) {
    throw new Problem({
      code: 'VGB-TEMPORARY',
      message: `cannot create a directory for ssh’s sockets in ${tmpdir()}`,
      expected: 'a writable directory with free space',
      found: messageOf(error),
      next: 'free some space there, or set TMPDIR to another directory',
      exitCode: 4,
    });
  }
}

export async function sweepControlDirectories(): Promise<void> {
  for (const name of readdirSync(tmpdir())) {
    const pid = Number(NAME.exec(name)?.[1] ?? 0);
    if (pid > 0 && !isRunning({ pid, startTicks: 0 })) await removeDead(join(tmpdir(), name));
  }
}

/** A process that we can't see, in another container, has sockets that answer. */
async function removeDead(folder: string): Promise<void> {
  try {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const path = join(folder, entry.name);
      // Left by an ssh that was killed, or whose machine crashed.
      if (entry.isSocket() && (await isDeaf(path))) unlinkSync(path);
    }
    rmdirSync(folder);
  } catch {
    // Another user's, or in use.
  }
}

/** Whether nobody listens at a socket. */
function isDeaf(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.once('connect', () => {
      socket.destroy();
      resolve(false);
    });
    socket.once('error', ({ code }: NodeJS.ErrnoException) => {
      resolve(code === 'ECONNREFUSED');
    });
  });
}
