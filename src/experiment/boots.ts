/** Which machine a target is on, and as what that has to be booted for it to be up. */
import { guestsOf } from '../mode/kind.ts';
import type { Experiment } from './schema.ts';

/** A machine, booted as one of its boots; null where it has none to choose from. */
export interface MachineBoot {
  machine: string;
  boot: string | null;
}

/** A target's own, or its host's; undefined where no machine is named. */
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

/** As what each machine has to be booted for a mode to be entered; machines without boots are left out. */
export function bootsForMode(mode: string, experiment: Placing): Map<string, string> {
  const spec = experiment.modes[mode];
  const all = (spec === undefined ? [] : guestsOf(spec)).map((target) => machineBootOf(target, experiment));
  return new Map(all.flatMap((one) => (one?.boot == null ? [] : [[one.machine, one.boot] as const])));
}

/** The boots of a machine that the modes of an experiment are entered in. */
export function bootsUsed(machine: string, experiment: Placing): Set<string> {
  const modes = Object.keys(experiment.modes);
  return new Set(modes.flatMap((mode) => bootsForMode(mode, experiment).get(machine) ?? []));
}

/**
 * What modes have to share to be entered without a boot between them: machines with the boots that they need, of those
 * that are booted as more than one. Empty where a mode needs none.
 */
export function bootKey(mode: string, experiment: Placing): string {
  return [...bootsForMode(mode, experiment)]
    .filter(([machine]) => bootsUsed(machine, experiment).size > 1)
    .map(([machine, boot]) => `${machine}=${boot}`)
    .sort()
    .join(' ');
}
