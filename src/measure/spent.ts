/** The cost of a trial in addition to its time: CPU time, and energy, of its hosts and guests. */
import { CPU_TIME_SCRIPT, parseCpuTime } from '../environment/cpu-time.ts';
import { ENERGY_SCRIPT, type EnergyCounter, energyBetween, parseEnergy } from '../environment/energy.ts';
import { modeKindOf } from '../mode/kinds.ts';
import type { Place } from '../mode/mode.ts';
import type { PlannedTrial } from '../plan/plan.ts';
import type { Emit } from '../record/event.ts';
import { Problem } from '../problem.ts';
import { LinkLost } from '../target/link.ts';
import type { Placed } from './sites.ts';
import type { VisitContext } from './visit-context.ts';

type Role = 'host' | 'guest';
/** The totals so far, for those that report them, by target. */
export type Spent = ReadonlyMap<string, { role: Role; spentS: number; counters: EnergyCounter[] }>;

/** Hosts and guests of a stay, each once. A non-virtual target is its own host. */
function rolesOf(mode: string, sites: readonly Placed[], { experiment }: VisitContext): Map<Place, Role> {
  const spec = experiment.modes[mode];
  const bare = spec !== undefined && modeKindOf(spec).facts.boundary === 'none';
  const hosts = new Map(
    sites.flatMap(({ site: { host } }) => (host === undefined ? [] : [[host.name, host]])),
  );
  const roles = new Map<Place, Role>([...hosts.values()].map((host) => [host, 'host']));
  for (const { site } of sites) roles.set(site.guest, site.host === undefined && bare ? 'host' : 'guest');
  return roles;
}

/**
 * Read between trials, so that reading affects no figure.
 *
 * @param earlier what was read before in this stay: targets without an energy counter then are not asked for
 * it again
 */
export async function readSpent(
  mode: string,
  sites: readonly Placed[],
  context: VisitContext,
  earlier?: Spent,
): Promise<Spent> {
  const read = await Promise.all(
    [...rolesOf(mode, sites, context)].map(async ([place, role]) => {
      const spent = await askedOf(place, earlier?.get(place.name)?.counters.length !== 0);
      return spent === undefined ? [] : [[place.name, { role, ...spent }] as const];
    }),
  );
  return new Map(read.flat());
}

/** A target that does not answer, or does not report it, is dealt with by whatever needs it next. */
async function askedOf(place: Place, energy: boolean) {
  try {
    const { stdout } = await place.run(energy ? `${CPU_TIME_SCRIPT}\n${ENERGY_SCRIPT}` : CPU_TIME_SCRIPT);
    const [times = '', ...lines] = stdout.split('\n');
    const spentS = parseCpuTime(times);
    return spentS === undefined ? undefined : { spentS, counters: parseEnergy(lines) };
  } catch (error) {
    if (error instanceof LinkLost || error instanceof Problem) return undefined;
    throw error;
  }
}

/** Journals the cost of a trial, including what led to it and followed it. */
export function tellSpent({ id }: PlannedTrial, before: Spent, after: Spent, emit: Emit): void {
  for (const [target, { role, spentS, counters }] of after) {
    const was = before.get(target);
    // It may have been restarted meanwhile.
    if (was === undefined || spentS < was.spentS) continue;
    const energy = energyBetween(was.counters, counters);
    emit({
      ...{ type: 'cpu', trial: id, target, role, spentS: Number((spentS - was.spentS).toFixed(2)) },
      ...(Object.keys(energy).length === 0 ? {} : { energy }),
    });
  }
}
