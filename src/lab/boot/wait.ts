/** Waits, with a deadline, until a box is awake and answers over SSH. */
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import { isRunning, type ProcessId } from '../../process/process-id.ts';
import { labProblem } from '../lab-problem.ts';

export interface WaitFor {
  alias: string;
  sshConfig: string;
  /** The machine it runs in: once that has ended, waiting is pointless. */
  machine: ProcessId;
  consoleLog: string;
  /** QEMU's own output. */
  machineLog: string;
  deadlineMs: number;
  signal: AbortSignal | undefined;
}

async function endOf(log: string): Promise<string> {
  const text = await readFile(log, 'latin1').catch(() => '');
  return text.slice(-800).trim() || '(nothing)';
}

/** Why the wait failed: its machine has ended, or the time is over. */
async function notCome(wait: WaitFor, what: string, said: string): Promise<Error> {
  const runs = isRunning(wait.machine);
  const end = runs
    ? `has not ${what} within ${wait.deadlineMs / 1000} s`
    : `did not come up: QEMU ended before it ${what}`;
  const log = runs
    ? { what: 'its console', file: wait.consoleLog }
    : { what: 'QEMU’s own output', file: wait.machineLog };
  return labProblem('VGB-LAB-BOOT', {
    message: `${wait.alias} ${end}`,
    found: said.trim() || undefined,
    details: [`${log.what} (${log.file}) ends with:`, await endOf(log.file)],
  });
}

/**
 * The result of `work`.
 * @throws Problem if it rejects, or does not settle in time; the signal's reason if that aborts.
 */
export async function waiting<T>(wait: WaitFor, what: string, work: Promise<T>): Promise<T> {
  const done = new AbortController();
  const signal = AbortSignal.any([done.signal, ...(wait.signal === undefined ? [] : [wait.signal])]);
  const late = sleep(wait.deadlineMs, undefined, { signal }).then(() => {
    throw new Error('');
  });
  try {
    return await Promise.race([work, late]);
  } catch (error) {
    wait.signal?.throwIfAborted();
    throw await notCome(wait, what, error instanceof Error ? error.message : String(error));
  } finally {
    done.abort();
    late.catch(() => undefined);
    work.catch(() => undefined);
  }
}

export async function waitForSsh(wait: WaitFor): Promise<void> {
  const deadline = performance.now() + wait.deadlineMs;
  let said = '';
  while (performance.now() < deadline) {
    wait.signal?.throwIfAborted();
    const args = ['-F', wait.sshConfig, wait.alias, 'true'];
    const { exitCode, stderr } = await execa('ssh', args, {
      reject: false,
      stdin: 'ignore',
      timeout: 20_000,
      ...(wait.signal === undefined ? {} : { cancelSignal: wait.signal }),
    });
    wait.signal?.throwIfAborted();
    if (exitCode === 0) return;
    said = stderr;
    if (!isRunning(wait.machine)) break;
    await sleep(250);
  }
  throw await notCome(wait, 'answered over SSH', said);
}
