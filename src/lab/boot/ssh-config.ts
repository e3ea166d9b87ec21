/** The ssh_config and known_hosts that make `ssh -F FILE lab-dom0` and its siblings work. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { LabKeys } from '../make/keys.ts';
import type { LabPaths } from '../paths.ts';

export interface SshHost {
  alias: string;
  port: number;
}

export function sshConfigFile(paths: LabPaths): string {
  return join(paths.run, 'ssh_config');
}

function stanza({ alias, port }: SshHost, identity: string, knownHosts: string): string {
  const lines = [
    `Host ${alias}`,
    'HostName 127.0.0.1',
    `Port ${port}`,
    'User root',
    `IdentityFile "${identity}"`,
    'IdentitiesOnly yes',
    `UserKnownHostsFile "${knownHosts}"`,
    'GlobalKnownHostsFile /dev/null',
    `HostKeyAlias ${alias}`,
    'StrictHostKeyChecking yes',
    'BatchMode yes',
    // The box computes its half of the key exchange under emulation: use the cheapest.
    'KexAlgorithms curve25519-sha256',
    'Ciphers chacha20-poly1305@openssh.com,aes128-ctr',
    'ConnectTimeout 15',
    'ServerAliveInterval 5',
    'ServerAliveCountMax 3',
  ];
  return lines.join('\n    ') + '\n';
}

export function knownHostsFile(paths: LabPaths): string {
  return join(paths.run, 'known_hosts');
}

export async function writeSshConfig(paths: LabPaths, keys: LabKeys, hosts: SshHost[]): Promise<string> {
  const knownHosts = knownHostsFile(paths);
  await writeFile(knownHosts, hosts.map(({ alias }) => `${alias} ${keys.hostPublic}\n`).join(''));
  const config = sshConfigFile(paths);
  await writeFile(config, hosts.map((host) => stanza(host, keys.identity, knownHosts)).join('\n'));
  return config;
}
