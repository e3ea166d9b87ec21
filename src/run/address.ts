import { isAbsolute, join, resolve } from 'node:path';
import type { TargetSpec } from '../experiment/target-schema.ts';
import { labPaths } from '../lab/paths.ts';
import { sshConfigFile } from '../lab/boot/ssh-config.ts';
import type { Address } from '../target/ssh.ts';

/**
 * The address of a target. ssh_config paths are relative to the experiment file; the lab's machines use the
 * lab's own.
 */
export function addressOf({ ssh, lab, config }: TargetSpec, base: string): Address {
  if (lab !== undefined) return { ssh: `lab-${lab}`, config: sshConfigFile(labPaths()) };
  return { ssh: ssh ?? '', config: config === undefined ? undefined : configPath(config, base) };
}

/** ~ is the home directory. */
function configPath(config: string, base: string): string {
  if (config.startsWith('~/')) return join(process.env['HOME'] ?? '', config.slice(2));
  return isAbsolute(config) ? config : resolve(base, config);
}
