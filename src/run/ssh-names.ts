/** The names in an address, and the names that an ssh_config maps it to. */
import { readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { readText } from '../experiment/read-text.ts';
import type { Address } from '../target/ssh.ts';

/** Hosts and users. */
interface Named {
  hosts: string[];
  users: string[];
}

/** Of `[user@]host[:port]`. */
export function namesIn(ssh: string): Named {
  const at = ssh.lastIndexOf('@');
  return {
    hosts: [
      ssh
        .slice(at + 1)
        .replace(/:\d+$/, '')
        .replace(/[[\]]/g, ''),
    ],
    users: at < 0 ? [] : [ssh.slice(0, at)],
  };
}

/** Limits on configuration files that include each other: the depth that ssh allows, and the total. */
const DEEPEST = 16;
const MOST_FILES = 256;

/**
 * The names that an ssh_config maps an address to. The file is read here instead of asking ssh: a
 * configuration may contain commands that ssh would run, and that of somebody else's run is not trusted that
 * far.
 */
export function configuredNames({ ssh, config }: Address): Named[] {
  const [alias = ''] = namesIn(ssh).hosts;
  const own = join(homedir(), '.ssh');
  let left = MOST_FILES;
  const read = (file: string, base: string, depth = 0): Named[] => {
    if (depth > DEEPEST || left-- <= 0) return [];
    let applies = true;
    return configLines(file).flatMap((line) => {
      const [, key = '', rest = ''] = /^\s*(\w+)(?:\s*=\s*|\s+)(\S.*)$/.exec(line) ?? [];
      const values = (rest.match(/"[^"]*"|[^\s"]+/g) ?? []).map((value) => value.replaceAll('"', ''));
      const [value = ''] = values;
      const option = key.toLowerCase();
      if (option === 'host') applies = values.some((pattern) => matches(pattern, alias));
      if (option === 'match') applies = true;
      if (!applies) return [];
      if (option === 'include')
        return values
          .flatMap((pattern) => filesOf(resolve(base, pattern.replace(/^~(?=\/)/, homedir()))))
          .flatMap((included) => read(included, base, depth + 1));
      if (option === 'user') return [{ hosts: [], users: [value] }];
      if (option === 'hostname' || option === 'hostkeyalias')
        return [{ hosts: [value.replace(/%[%h]/g, (token) => (token === '%h' ? alias : '%'))], users: [] }];
      return option === 'proxyjump' ? value.split(',').map(namesIn) : [];
    });
  };
  if (config !== undefined) return read(config, own);
  return [...read(join(own, 'config'), own), ...read('/etc/ssh/ssh_config', '/etc/ssh')];
}

/** The files that a pattern matches; itself, if it has no wildcard. */
function filesOf(pattern: string): string[] {
  const [, ...parts] = pattern.split('/');
  return parts.reduce<string[]>(
    (folders, part) =>
      folders
        .flatMap((folder) =>
          (/[*?]/.test(part) ? namesOf(`${folder}/`, part) : [part]).map((name) => `${folder}/${name}`),
        )
        .slice(0, MOST_FILES),
    [''],
  );
}

function namesOf(folder: string, pattern: string): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => matches(pattern, name))
      .sort();
  } catch {
    return []; // there is none, or it is a file
  }
}

function configLines(config: string): string[] {
  try {
    return readText(config, 2 ** 20).split('\n');
  } catch {
    return []; // there is none, or not any more
  }
}

/** `*` and `?` with their meaning in ssh_config. */
function matches(pattern: string, alias: string): boolean {
  const parts = pattern.replace(/[\\^$.+()[\]{}|]/g, String.raw`\$&`);
  return new RegExp(`^${parts.replaceAll('*', '.*').replaceAll('?', '.')}$`).test(alias);
}
