import { execa } from 'execa';
import { pause, wake } from '../lab/life/pause.ts';
import { labStatus } from '../lab/life/status.ts';
import { isInUse } from '../lab/life/use.ts';
import { labPaths } from '../lab/paths.ts';
import { Problem } from '../problem.ts';

/**
 * A shell on a machine of the lab, or a command there, with our own terminal. A guest that is paused runs for as long
 * as we are in it.
 * @param tell Hears what the user should know.
 * @returns the remote exit status.
 * @throws Problem where there is no such machine.
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
  if (woken) tell(`${domain} was paused: it runs while you are in it`);
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

/** A guest that wakes beside those under test would be in their figures. */
async function wakeUnused(config: string, domain: string, tell: (text: string) => void): Promise<boolean> {
  if (!isInUse(labPaths())) return wake(config, domain);
  tell('an experiment runs in the lab: a guest that it has paused stays so, and does not answer meanwhile');
  return false;
}
