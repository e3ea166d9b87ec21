import { homedir, hostname, userInfo } from 'node:os';
import { join, resolve } from 'node:path';
import type { Results } from '../compare/results.ts';
import { readText } from '../experiment/read-text.ts';
import type { Run } from '../record/read-run.ts';
import { type Secrets, withheldIn } from '../report/redact.ts';
import type { Address } from '../target/ssh.ts';
import { addressOf } from './address.ts';

/** What names a run's people and machines, as far as this machine can tell. */
export function secretsOf(directory: string, { experiment, record }: Run, results: Results): Secrets {
  const { directory: base = '.', token } = record;
  const addresses = Object.values(experiment.targets)
    .filter(({ lab }) => lab === undefined)
    .map((target) => addressOf(target, base));
  const named = addresses.flatMap(({ ssh }) => namesIn(ssh));
  const known = addresses.flatMap(configured);
  const hosts = [...named, ...known].flatMap((one) => one.hosts);
  const users = [...named, ...known].flatMap((one) => one.users);
  return {
    hosts: [...hosts, hostname()].flatMap(withShort),
    users: [...users, userInfo().username],
    texts: [
      ...[resolve(base), homedir(), resolve(directory), process.cwd()].filter((path) => path.length > 1),
      ...(token === undefined ? [] : [token]),
      ...withheldIn(results),
    ],
  };
}

interface Named {
  hosts: string[];
  users: string[];
}

/** Of `[user@]host[:port]`. */
function namesIn(ssh: string): Named {
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

/**
 * What an ssh_config calls an address. It is read here, and ssh is not asked: a configuration may name commands for it
 * to run, and that of a run that somebody else made is not to be trusted so far.
 */
function configured({ ssh, config = join(homedir(), '.ssh/config') }: Address): Named[] {
  const [alias = ''] = namesIn(ssh).hosts;
  let applies = true;
  return linesOf(config).flatMap((line) => {
    const [, key = '', value = ''] = /^\s*(\w+)(?:\s+|\s*=\s*)"?([^"]*?)"?\s*$/.exec(line) ?? [];
    const option = key.toLowerCase();
    if (option === 'host') applies = value.split(/\s+/).some((pattern) => matches(pattern, alias));
    if (option === 'match') applies = true;
    if (!applies) return [];
    if (option === 'user') return [{ hosts: [], users: [value] }];
    if (option === 'hostname' || option === 'hostkeyalias') return [{ hosts: [value], users: [] }];
    return option === 'proxyjump' ? value.split(',').map(namesIn) : [];
  });
}

function linesOf(config: string): string[] {
  try {
    return readText(config, 2 ** 20).split('\n');
  } catch {
    return []; // there is none, or not any more
  }
}

/** `*` and `?` stand for what they stand for in ssh_config. */
function matches(pattern: string, alias: string): boolean {
  const parts = pattern.replace(/[\\^$.+()[\]{}|]/g, String.raw`\$&`);
  return new RegExp(`^${parts.replaceAll('*', '.*').replaceAll('?', '.')}$`).test(alias);
}

/** A host of a domain is called by its first part, too. */
function withShort(host: string): string[] {
  const [first = ''] = host.split('.');
  return first === host || /^\d*$/.test(first) ? [host] : [host, first];
}
