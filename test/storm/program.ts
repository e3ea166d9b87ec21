/** The command line as the storm starts it: a process whose end, and when that was, is known. */
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';

export interface Ended {
  /** Undefined where it was killed. */
  exitCode: number | undefined;
  /** What it printed. */
  said: string;
  atMs: number;
}

export interface Running {
  what: string;
  pid: number;
  startedMs: number;
  /** Set once it has ended. */
  result: Ended | undefined;
  ended: Promise<Ended>;
  kill(): void;
}

/** How `vgpubench` is started: node's arguments before the user's. */
export type Program = readonly string[];

export function start(program: Program, args: readonly string[], cwd: string, temporary: string): Running {
  const child = execa(process.execPath, [...program, ...args], {
    reject: false,
    cwd,
    env: { TMPDIR: temporary, NO_COLOR: '1', FORCE_COLOR: undefined },
    all: true,
  });
  const running: Running = {
    what: args[0] ?? '',
    pid: child.pid ?? 0,
    startedMs: performance.now(),
    result: undefined,
    ended: child.then(({ exitCode, all }) => {
      running.result = { exitCode, said: all, atMs: performance.now() };
      return running.result;
    }),
    kill: () => child.kill('SIGKILL'),
  };
  return running;
}

/** Waits for its end; undefined where there is none within the limit, and then it is killed. */
export async function within(running: Running, limitMs: number): Promise<Ended | undefined> {
  const cancelled = new AbortController();
  const late = sleep(limitMs, undefined, { signal: cancelled.signal }).catch(() => undefined);
  const ended = await Promise.race([running.ended, late]);
  cancelled.abort();
  if (ended === undefined) {
    running.kill();
    await running.ended;
  }
  return ended;
}
