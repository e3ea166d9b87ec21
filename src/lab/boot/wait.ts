/** Waits, with a deadline, until a box answers over SSH. */
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import { isRunning, type ProcessId } from '../../process/process-id.ts';
import { labProblem } from '../lab-problem.ts';

export interface WaitFor {
  alias: string;
  sshConfig: string;
  /** The machine it lives in: no use waiting once that has ended. */
  machine: ProcessId;
  consoleLog: string;
  /** What QEMU itself says. */
  machineLog: string;
  deadlineMs: number;
  signal: AbortSignal | undefined;
}

async function endOf(log: string): Promise<string> {
  const text = await readFile(log, 'latin1').catch(() => '');
  return text.slice(-800).trim() || '(nothing)';
}

export async function waitForSsh(wait: WaitFor): Promise<void> {
  const deadline = performance.now() + wait.deadlineMs;
  let said = '';
  let end = `did not answer over SSH within ${wait.deadlineMs / 1000} s`;
  let log = { what: 'its console', file: wait.consoleLog };
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
    if (!isRunning(wait.machine)) {
      end = 'had no machine any more before it answered over SSH: QEMU has ended';
      log = { what: 'QEMU’s own output', file: wait.machineLog };
      break;
    }
    await sleep(250);
  }
  throw labProblem('VGB-LAB-BOOT', {
    message: `${wait.alias} ${end}`,
    found: said.trim() || undefined,
    details: [`${log.what} (${log.file}) ends with:`, await endOf(log.file)],
  });
}
