/** Runs the programs that build the lab: ended, with everything they started, when the user interrupts. */
import { execa } from 'execa';

export interface RunOptions {
  cwd?: string;
  env?: Record<string, string>;
  /** Its input. Default: nothing. */
  input?: Uint8Array;
  /** Default: none. */
  timeoutMs?: number;
  signal: AbortSignal | undefined;
}

/**
 * Runs a program to its end, in its own process group.
 * @throws the signal's reason if that aborts, after the group was ended.
 */
export async function run(
  command: string,
  args: readonly string[],
  { cwd, env, input, timeoutMs, signal }: RunOptions,
): Promise<{ exitCode: number | undefined; stdout: string; all: string }> {
  signal?.throwIfAborted();
  const child = execa(command, args, {
    ...(cwd === undefined ? {} : { cwd }),
    ...(env === undefined ? {} : { env }),
    ...(timeoutMs === undefined ? {} : { timeout: timeoutMs }),
    all: true,
    detached: true,
    reject: false,
    ...(input === undefined ? { stdin: 'ignore' as const } : { input }),
  });
  const end = (): void => {
    endGroup(child.pid);
  };
  signal?.addEventListener('abort', end, { once: true });
  const { exitCode, stdout, all } = await child;
  signal?.removeEventListener('abort', end);
  signal?.throwIfAborted();
  return { exitCode, stdout, all };
}

/** At once: what it was making is discarded. */
function endGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}
