import { execa } from 'execa';
import { pause, wake } from '../lab/life/pause.ts';
import { labStatus } from '../lab/life/status.ts';
import { isInUse } from '../lab/life/use.ts';
import { labPaths } from '../lab/paths.ts';
import { Problem } from '../problem.ts';

/**
 * A shell on a machine of the lab, or a command there, on our own terminal. A paused guest runs while it is
 * in use.
 * @param tell Receives messages for the user.
 * @returns the remote exit status.
 * @throws Problem if there is no such machine.
 */
export async function labShell(
  name: string,
  command: readonly string[],
  tell: (text: string) => void,
): Promise<number> {
  const found = await labStatus();
  const config = found.sshConfig ?? '';
  const hosts = found.hosts.map(({ alias }) => alias);
  const alias = hosts.find((host) => host === name || host === `lab-${name}`);
  if (alias === undefined)
    throw new Problem({
      code: 'VGB-LAB-SSH',
      message: 'no such machine in the lab',
      expected: hosts.length === 0 ? 'a lab that is up' : `one of ${hosts.join(', ')}`,
      found: name,
      next: hosts.length === 0 ? 'vgpubench lab up' : undefined,
    });
  const domain = alias.replace(/^lab-/, '');
  const woken = found.guests.includes(domain) && (await wakeUnused(config, domain, tell));
  if (woken) tell(`${domain} was paused; it runs until you leave it`);
  // Ctrl-C is for the shell at the other end.
  const ignore = (): void => undefined;
  process.on('SIGINT', ignore);
  const { exitCode } = await execa('ssh', ['-F', config, alias, ...command], {
    stdio: 'inherit',
    reject: false,
  });
  process.off('SIGINT', ignore);
  if (woken) await pause(config, domain);
  return exitCode ?? 255;
}

/** A guest that wakes next to those under test would affect their figures. */
async function wakeUnused(config: string, domain: string, tell: (text: string) => void): Promise<boolean> {
  if (!isInUse(labPaths())) return wake(config, domain);
  tell('an experiment is running in the lab: guests that it paused stay paused, and do not answer');
  return false;
}
