import { Problem } from '../problem.ts';
import type { Address } from './ssh.ts';

/** The transport failed: never the workload's fault, and never counted as such. */
export class LinkLost extends Problem {
  override readonly name = 'LinkLost';

  /** What happened, and what was found, for an incident. */
  get words(): string {
    return `${this.message}: ${this.found ?? 'no answer'}`;
  }

  /** The server allows this connection no more sessions. */
  get refused(): boolean {
    return REFUSED.test(this.found ?? '');
  }

  /** Another attempt would fail, too: a person has to fix something. */
  get final(): boolean {
    return [OLD_SERVER, HOST_KEY, PERMISSION, NO_HOST].some((words) => words.test(this.found ?? ''));
  }
}

/** It only offers what OpenSSH no longer uses by default. */
const OLD_SERVER = /no matching host key type found|no mutual signature/i;
const HOST_KEY = /host key|known_hosts/i;
const PERMISSION = /permission denied/i;
const NO_HOST = /could not resolve|name or service not known/i;
const REFUSED = /session open refused|administratively prohibited|session request failed/i;

/** What ssh's own words, and the server's, mean for the user. */
export function linkLost(address: Address, stage: string, words: string): LinkLost {
  const found = words.trim().split(/\r?\n/).slice(-3).join(' / ') || 'no answer';
  return new LinkLost({
    code: 'VGB-LINK',
    message: `${address.ssh}: ${stage}`,
    expected: 'an SSH connection that answers',
    found,
    next: advice(address, found),
    exitCode: 4,
  });
}

/** Another system answers at the address of a target: its machine is in another boot, or not up. */
export function awayFrom(name: string, address: Address, found: string): LinkLost {
  return new LinkLost({
    code: 'VGB-AWAY',
    message: `${name} is not up`,
    expected: 'its machine to be in the boot of this target',
    found,
    next: `nothing: it is restarted for the modes that need it; until then, another system answers at ${address.ssh}`,
    exitCode: 4,
  });
}

function advice(address: Address, found: string): string {
  const ssh = address.config === undefined ? `ssh ${address.ssh}` : `ssh -F ${address.config} ${address.ssh}`;
  if (OLD_SERVER.test(found))
    return `the server is old and only supports RSA with SHA-1: in ssh_config, set HostKeyAlgorithms +ssh-rsa and PubkeyAcceptedAlgorithms +ssh-rsa for this host; then try: ${ssh}`;
  if (HOST_KEY.test(found))
    return `host keys are always checked: verify this host’s key and log in once by hand: ${ssh}`;
  if (PERMISSION.test(found))
    return `passwords are never asked for: set up a key in your agent or ssh_config, so that this works: ssh -o BatchMode=yes ${address.ssh} true`;
  if (NO_HOST.test(found)) return `no such host: is it an alias in your ssh_config? try: ${ssh}`;
  return `try it by hand: ${ssh} true`;
}
