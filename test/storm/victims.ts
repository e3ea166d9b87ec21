/** The processes whose death cuts the link between a harness and its target. */
import { descendantsOf, programOf } from '../support/processes.ts';

/** The harness's children of ssh, and the server's sessions: not the shells that these run, nor the listener. */
export function victims(harness: number, server: number): number[] {
  return [...named(harness, ['ssh']), ...named(server, ['sshd', 'sshd-session', 'sshd-auth'])];
}

function named(parent: number, names: readonly string[]): number[] {
  return descendantsOf(parent).filter((pid) => names.includes(programOf(pid) ?? ''));
}
