import { CPU_TIME_SCRIPT, parseCpuTime } from '../environment/cpu-time.ts';
import { modeKindOf } from '../mode/kinds.ts';
import type { Place } from '../mode/mode.ts';
import type { PlannedTrial } from '../plan/plan.ts';
import type { Emit } from '../record/event.ts';
import { Problem } from '../problem.ts';
import { LinkLost } from '../target/link.ts';
import type { Placed } from './sites.ts';
import type { VisitContext } from './visit-context.ts';

type Role = 'host' | 'guest';
/** CPU time that was spent so far, in s, of those that tell, by target. */
export type CpuTimes = ReadonlyMap<string, { role: Role; spentS: number }>;

/** Hosts and guests of a stay, each once. A target that nothing is virtual about is its own host. */
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

/** Between trials, so that it is in no figure. */
export async function readCpuTimes(
  mode: string,
  sites: readonly Placed[],
  context: VisitContext,
): Promise<CpuTimes> {
  const read = await Promise.all(
    [...rolesOf(mode, sites, context)].map(async ([place, role]) => {
      const spentS = await askedOf(place);
      return spentS === undefined ? [] : [[place.name, { role, spentS }] as const];
    }),
  );
  return new Map(read.flat());
}

/** What does not answer, or says no such thing, is met by whatever needs it next. */
async function askedOf(place: Place): Promise<number | undefined> {
  try {
    return parseCpuTime((await place.run(CPU_TIME_SCRIPT)).stdout);
  } catch (error) {
    if (error instanceof LinkLost || error instanceof Problem) return undefined;
    throw error;
  }
}

/** Puts into the journal what a trial took, with all that led to it and followed it. */
export function tellCpuTimes({ id }: PlannedTrial, before: CpuTimes, after: CpuTimes, emit: Emit): void {
  for (const [target, { role, spentS }] of after) {
    const was = before.get(target);
    // It may have been started anew meanwhile.
    if (was === undefined || spentS < was.spentS) continue;
    emit({ type: 'cpu', trial: id, target, role, spentS: Number((spentS - was.spentS).toFixed(2)) });
  }
}
