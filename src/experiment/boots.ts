/** The machine of a target, and the boot in which the target is up. */
import { guestsOf } from '../mode/kind.ts';
import type { Experiment } from './schema.ts';

/** A machine in one of its boots; null if it has only one. */
export interface MachineBoot {
  machine: string;
  boot: string | null;
}

/** A target's own, or its host's; undefined if no machine is named. */
export function machineBootOf(
  target: string,
  { targets }: Pick<Experiment, 'targets'>,
): MachineBoot | undefined {
  const seen = new Set<string>();
  for (let at: string | undefined = target; at !== undefined && !seen.has(at); at = targets[at]?.host) {
    seen.add(at);
    const { machine, boot = null } = targets[at] ?? {};
    if (machine !== undefined) return { machine, boot };
  }
  return undefined;
}

type Placing = Pick<Experiment, 'targets' | 'modes'>;

/** The boot of each machine in which a mode is entered; machines without boots are left out. */
export function bootsForMode(mode: string, experiment: Placing): Map<string, string> {
  const spec = experiment.modes[mode];
  const all = (spec === undefined ? [] : guestsOf(spec)).map((target) => machineBootOf(target, experiment));
  return new Map(all.flatMap((one) => (one?.boot == null ? [] : [[one.machine, one.boot] as const])));
}

/** The boots of a machine in which an experiment's modes are entered. */
export function bootsUsed(machine: string, experiment: Placing): Set<string> {
  const modes = Object.keys(experiment.modes);
  return new Set(modes.flatMap((mode) => bootsForMode(mode, experiment).get(machine) ?? []));
}

/**
 * What modes must share to be entered without a boot in between: the machines that are booted in several
 * ways, with the boot they need. Empty if a mode needs none.
 */
export function bootKey(mode: string, experiment: Placing): string {
  return [...bootsForMode(mode, experiment)]
    .filter(([machine]) => bootsUsed(machine, experiment).size > 1)
    .map(([machine, boot]) => `${machine}=${boot}`)
    .sort()
    .join(' ');
}
