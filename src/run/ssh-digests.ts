import type { Experiment } from '../experiment/schema.ts';
import { resolvedDigest } from '../target/resolved.ts';
import { addressOf } from './address.ts';

/** Digests of how each target is reached, by name; without the lab's machines, which get other ports each time it comes up. */
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
