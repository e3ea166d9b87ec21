import type { Experiment } from '../experiment/schema.ts';
import { resolvedDigest } from '../target/resolved.ts';
import { addressOf } from './address.ts';

/**
 * Digests of the ssh configuration of each target, by name; without the lab's machines, whose ports change
 * with each start.
 */
export async function sshDigests(
  { targets }: Experiment,
  base: string,
): Promise<{ ssh: Record<string, string> }> {
  const own = Object.entries(targets).filter(([, { lab }]) => lab === undefined);
  const found = await Promise.all(
    own.map(async ([name, spec]) => [name, await resolvedDigest(addressOf(spec, base))] as const),
  );
  return {
    ssh: Object.fromEntries(
      found.flatMap(([name, digest]) => (digest === undefined ? [] : [[name, digest]])),
    ),
  };
}
