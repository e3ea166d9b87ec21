import { hostname, userInfo } from 'node:os';
import type { Experiment } from '../experiment/schema.ts';
import type { TargetSpec } from '../experiment/target-schema.ts';
import type { RunRecord } from '../record/run-record.ts';
import type { Use } from '../target/residence.ts';
import type { Address } from '../target/ssh.ts';
import { Target } from '../target/target.ts';

/** The purpose of targets; `record` says where an earlier session kept its files on each. */
export function useOf({ limits }: Experiment, token: string, record: RunRecord): (target: string) => Use {
  // Both outputs of a run, plus room for small files.
  const roomKib = Math.ceil((2 * limits.output) / 1024) + 4096;
  const owner = { token, who: `${userInfo().username}@${hostname()}` };
  return (target) => ({ owner, roomKib, before: record.targets.get(target)?.scratch ?? null });
}

export function makeTargets(
  experiment: Experiment,
  control: string,
  addressOf: (target: TargetSpec) => Address,
  use?: (target: string) => Use,
): Map<string, Target> {
  return new Map(
    Object.entries(experiment.targets).map(([name, target]) => [
      name,
      new Target(name, addressOf(target), control, target.shell, use?.(name)),
    ]),
  );
}
