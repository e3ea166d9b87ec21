import { homedir, hostname, userInfo } from 'node:os';
import { resolve } from 'node:path';
import type { Results } from '../compare/results.ts';
import type { Run } from '../record/read-run.ts';
import { type Secrets, withheldIn } from '../report/redact.ts';
import { addressOf } from './address.ts';
import { configuredNames, namesIn } from './ssh-names.ts';

/** The names of a run's people and machines, as far as this machine knows them. */
export function secretsOf(directory: string, { experiment, record }: Run, results: Results): Secrets {
  const { directory: base = '.', token } = record;
  const addresses = Object.values(experiment.targets)
    .filter(({ lab }) => lab === undefined)
    .map((target) => addressOf(target, base));
  const named = addresses.flatMap(({ ssh }) => namesIn(ssh));
  const known = addresses.flatMap(configuredNames);
  const hosts = [...named, ...known].flatMap((one) => one.hosts);
  const users = [...named, ...known].flatMap((one) => one.users);
  return {
    hosts: [...hosts, hostname(), ...nodesOf(results), ...foreignDomains(experiment, results)].flatMap(
      withShort,
    ),
    users: [...users, userInfo().username],
    texts: [
      ...[resolve(base), homedir(), resolve(directory), process.cwd()].filter((path) => path.length > 1),
      ...(token === undefined ? [] : [token]),
      ...withheldIn(results),
    ],
  };
}

function nodesOf({ nodes }: Results): string[] {
  return nodes?.nodes.map(({ name }) => name) ?? [];
}

/** Other guests on the same hosts. */
function foreignDomains({ targets }: Run['experiment'], { machineStates = [] }: Results): string[] {
  const own = new Set(['Domain-0', ...Object.keys(targets)]);
  const seen = new Set(machineStates.flatMap(({ domains }) => domains.map(({ name }) => name)));
  return [...seen].filter((name) => !own.has(name));
}

/** A host in a domain is also known by its first part. */
function withShort(host: string): string[] {
  const [first = ''] = host.split('.');
  return first === host || /^\d*$/.test(first) ? [host] : [host, first];
}
