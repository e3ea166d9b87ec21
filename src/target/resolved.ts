import { createHash } from 'node:crypto';
import { execa } from 'execa';
import { type Address, resolvingArguments } from './ssh.ts';

/** Far longer than it takes: it does not connect, but a Match may run a command. */
const PATIENCE_MS = 10_000;

/**
 * SHA-256, in hex, of the current ssh configuration of an address (`ssh -G`): host, user, port, jumps and all
 * other options. Undefined if ssh does not print it.
 */
export async function resolvedDigest(address: Address): Promise<string | undefined> {
  const args = attempt(() => resolvingArguments(address));
  if (args === undefined) return undefined;
  const { failed, stdout } = await execa('ssh', args, {
    reject: false,
    stdin: 'ignore',
    timeout: PATIENCE_MS,
  });
  return failed ? undefined : createHash('sha256').update(stdout).digest('hex');
}

/** Errors of an address are reported when connecting to it. */
function attempt<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}
