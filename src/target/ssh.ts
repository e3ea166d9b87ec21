import { Problem } from '../problem.ts';

/** How to reach a target, according to the experiment file. */
export interface Address {
  /** An ssh_config alias, or [user@]host[:port]. */
  ssh: string;
  /** Absolute path of an ssh_config file to use instead of the user's. */
  config?: string | undefined;
}

/** Connecting, key exchange and login together must finish within this many ms. */
export const HANDSHAKE_MS = 14_000;

/**
 * Options of every connection. The user's ssh_config applies to everything that is not set here; host keys
 * are always checked and there are no prompts. A silent peer is noticed after 4 s x (2 + 1) = 12 s.
 */
const CONNECTION = [
  'BatchMode=yes',
  'StrictHostKeyChecking=yes',
  'ConnectTimeout=10',
  'ConnectionAttempts=1',
  'ServerAliveInterval=4',
  'ServerAliveCountMax=2',
];

const NO_EXTRAS = [
  'RequestTTY=no',
  'RemoteCommand=none',
  'ClearAllForwardings=yes',
  'ForwardAgent=no',
  'ForwardX11=no',
  'Tunnel=no',
  'PermitLocalCommand=no',
];

/** Arguments of the ssh that opens a connection, runs `command` over it, and shares it at `socket`. */
export function masterArguments(address: Address, socket: string, command: string): string[] {
  const shared = ['ControlMaster=yes', 'ControlPersist=no', `ControlPath=${socket}`];
  return sshArguments(address, [...CONNECTION, ...shared, ...NO_EXTRAS], command);
}

/** Arguments of an ssh with its own connection, for a server that allows few sessions per connection. */
export function ownArguments(address: Address, command: string): string[] {
  const alone = ['ControlMaster=no', 'ControlPath=none'];
  return sshArguments(address, [...CONNECTION, ...alone, ...NO_EXTRAS], command);
}

/**
 * Arguments of an ssh that runs `command` over the master at `socket`. If the master refuses (sshd's
 * MaxSessions, 10 by default), OpenSSH would quietly open its own connection; ProxyCommand=false turns that
 * into an error, because we must know about sessions with their own connection.
 */
export function sessionArguments(address: Address, socket: string, command: string): string[] {
  const options = ['BatchMode=yes', 'ControlMaster=no', `ControlPath=${socket}`, 'ProxyCommand=false'];
  return sshArguments(address, [...options, ...NO_EXTRAS], command);
}

/** Arguments of an ssh with its own connection, as a script would use. Only the benchmark uses it. */
export function freshArguments(address: Address, command: string): string[] {
  return sshArguments(
    address,
    ['BatchMode=yes', 'StrictHostKeyChecking=yes', 'ControlPath=none', ...NO_EXTRAS],
    command,
  );
}

/** Arguments of an ssh that prints the configuration of the address, and does not connect. */
export function resolvingArguments({ ssh, config }: Address): string[] {
  const { destination, port } = destinationOf(ssh);
  return [
    ...(config === undefined ? [] : ['-F', config]),
    '-G',
    ...(port === undefined ? [] : ['-p', port]),
    '--',
    destination,
  ];
}

function sshArguments(address: Address, options: readonly string[], command: string): string[] {
  const { destination, port } = destinationOf(address.ssh);
  return [
    ...(address.config === undefined ? [] : ['-F', address.config]),
    ...options.flatMap((option) => ['-o', option]),
    '-T',
    ...(port === undefined ? [] : ['-p', port]),
    '--',
    destination,
    command,
  ];
}

function destinationOf(ssh: string): { destination: string; port: string | undefined } {
  if (ssh.startsWith('-') || /\s/.test(ssh))
    throw new Problem({
      code: 'VGB-SSH-ADDRESS',
      message: 'invalid address of a target',
      expected: 'an ssh_config alias, or [user@]host[:port]',
      found: ssh,
      next: 'use an address that ssh accepts, and put options into an ssh_config',
    });
  const match = /^((?:[^@]+@)?(?:\[[^\]]+\]|[^:[\]]+)):(\d+)$/.exec(ssh);
  if (match === null) return { destination: ssh, port: undefined };
  return { destination: (match[1] ?? ssh).replace(/[[\]]/g, ''), port: match[2] };
}
