/** Private folders for the control sockets of ssh; each is named after the process that it belongs to. */
import { mkdtempSync, readdirSync, rmdirSync, unlinkSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Problem, messageOf } from '../problem.ts';
import { isRunning } from './process-id.ts';

const NAME = /^vgb-(\d+)-\w+$/;

/**
 * A new one, its path short enough for a socket's; what processes that were killed left is removed on the way.
 * @throws Problem where none can be made.
 */
export async function controlDirectory(): Promise<string> {
  try {
    await sweepControlDirectories();
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
      // An ssh that was killed has left it, or one whose machine died.
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
