import { machineBootOf } from '../experiment/boots.ts';
import type { Experiment } from '../experiment/schema.ts';
import { guestsOf } from '../mode/kind.ts';
import { modeKindOf } from '../mode/kinds.ts';
import type { Target } from '../target/target.ts';

/**
 * Guests that are paused until their mode is under test are contacted then, as are those that may be off
 * until they are started.
 * @param isUp Whether a target is up, if its machine is booted in more than one way.
 */
export function awakeTargets(
  experiment: Experiment,
  targets: ReadonlyMap<string, Target>,
  isUp: (target: string) => boolean = () => false,
): Target[] {
  const modes = Object.values(experiment.modes);
  const hosts = modes.flatMap(guestsOf).flatMap((name) => experiment.targets[name]?.host ?? []);
  const guests = modes
    .filter((mode) => !modeKindOf(mode).sleeps(mode))
    .flatMap(guestsOf)
    .filter((name) => experiment.targets[name]?.power === undefined);
  return [...new Set([...guests, ...hosts])]
    .filter((name) => machineBootOf(name, experiment)?.boot == null || isUp(name))
    .flatMap((name) => targets.get(name) ?? []);
}
