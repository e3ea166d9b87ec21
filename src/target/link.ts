import { Problem } from '../problem.ts';
import type { Address } from './ssh.ts';

/** The transport failed: never the workload's fault, and never counted as such. */
export class LinkLost extends Problem {
  override readonly name = 'LinkLost';

  /** What happened, and what was found, for an incident. */
  get words(): string {
    return `${this.message}: ${this.found ?? 'no answer'}`;
  }
}

/** What ssh's own words mean for the user. */
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

function advice(address: Address, found: string): string {
  const ssh = address.config === undefined ? `ssh ${address.ssh}` : `ssh -F ${address.config} ${address.ssh}`;
  if (/host key|known_hosts/i.test(found))
    return `host keys are always checked: verify this host’s key and log in once by hand: ${ssh}`;
  if (/permission denied/i.test(found))
    return `nothing is asked interactively: give it a key that the agent or ssh_config knows, so that this works: ssh -o BatchMode=yes ${address.ssh} true`;
  if (/could not resolve|name or service not known/i.test(found))
    return `no such host: is it an alias in your ssh_config? try: ${ssh}`;
  if (/session open refused|administratively prohibited/i.test(found))
    return 'the server refuses more sessions: raise MaxSessions in its sshd_config (10 is the default and enough)';
  return `try it by hand: ${ssh} true`;
}
