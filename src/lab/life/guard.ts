/**
 * What takes the lab down when we can't any more: a process of its own that holds one end of a pipe. Once the other
 * end closes without a word, as after a kill -9 of ours, it stops what was started.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { extname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { LabPaths } from '../paths.ts';

export interface Guard {
  /** The lab may outlive us from here on, or is down. Resolves once the guard has gone. */
  release: () => Promise<void>;
}

const PROGRAM = `${import.meta.dirname}/guard-process${extname(import.meta.filename)}`;
/** It has nothing to do but to leave. */
const LEAVE_MS = 5000;

/** @param paths Of the lab that must not outlive this process. */
export function guardLab(paths: LabPaths): Guard {
  // Detached, so that the Ctrl-C and the hang-up of our terminal are not for it.
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
