import type { Experiment } from '../experiment/schema.ts';
import type { Place, Site } from '../mode/mode.ts';
import { guestsOf } from '../mode/kind.ts';
import type { Emit } from '../record/event.ts';
import { powerOf } from '../power/kinds.ts';
import { LinkLost } from '../target/link.ts';
import type { Target } from '../target/target.ts';

/** A guest of a mode, with the targets that reach it and its host. */
export interface Placed {
  target: Target;
  host: Target | undefined;
  site: Site;
}

/** Where a mode is entered, by the names of its guests. */
export function sitesOf(
  names: readonly string[],
  experiment: Experiment,
  targets: ReadonlyMap<string, Target>,
  emit: Emit,
): Placed[] {
  return names.map((name) => {
    const target = targetNamed(name, targets);
    const { host: hostName, domain: named, lab, power } = experiment.targets[name] ?? {};
    const domain = named ?? lab ?? name;
    const host = hostName === undefined ? undefined : targetNamed(hostName, targets);
    return {
      target,
      host,
      site: {
        guest: place(target, emit),
        host: host && place(host, emit),
        domain,
        power: power && powerOf(power, domain),
      },
    };
  });
}

/** The same for all guests in which a mode of the experiment is entered, including a neighbour's. */
export function placedIn(
  mode: string,
  experiment: Experiment,
  targets: ReadonlyMap<string, Target>,
  emit: Emit,
): Placed[] {
  const spec = experiment.modes[mode];
  return sitesOf(spec === undefined ? [] : guestsOf(spec), experiment, targets, emit);
}

/**
 * How many times in a row a link may be lost during one question before the trials that depend on it are
 * void.
 */
const MOST_LOST = 3;

/** Where evidence is read: reading changes nothing, so it is repeated if the session is lost. */
function place(target: Target, emit: Emit): Place {
  return {
    name: target.name,
    run: async (script) => {
      for (let lost = 0; ; lost++) {
        try {
          return await target.run(script);
        } catch (error) {
          if (!(error instanceof LinkLost) || lost === MOST_LOST) throw error;
          linkIncident(target, error, emit);
          await target.reconnect(() => undefined);
        }
      }
    },
  };
}

function targetNamed(name: string, targets: ReadonlyMap<string, Target>): Target {
  const target = targets.get(name);
  if (target === undefined) throw new Error(`no target ${name}: the experiment file is checked for that`);
  return target;
}

export function linkIncident(target: Target, error: LinkLost, emit: Emit): void {
  emit({
    type: 'incident',
    kind: 'link',
    target: target.name,
    trial: null,
    text: error.words,
  });
}
