/**
 * Takes the lab down when we no longer can: a separate process that holds one end of a pipe. If the other end
 * closes without a message, as after kill -9, it stops everything that was started.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { extname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { LabPaths } from '../paths.ts';

export interface Guard {
  /** From here on the lab may outlive us, or is down. Resolves once the guard has gone. */
  release: () => Promise<void>;
}

const PROGRAM = `${import.meta.dirname}/guard-process${extname(import.meta.filename)}`;
/** It has nothing left to do but exit. */
const LEAVE_MS = 5000;

/** @param paths Of the lab that must not outlive this process. */
export function guardLab(paths: LabPaths): Guard {
  // Detached, so that Ctrl-C and hang-up of our terminal don't reach it.
  const child = spawn(process.execPath, [...process.execArgv, PROGRAM, JSON.stringify(paths)], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  child.on('error', () => undefined);
  child.stdin.on('error', () => undefined);
  child.unref();
  return {
    release: async () => {
      if (child.exitCode !== null || child.pid === undefined) return;
      child.ref();
      child.stdin.end('leave\n');
      await Promise.race([once(child, 'exit'), sleep(LEAVE_MS, undefined, { ref: false })]);
    },
  };
}
