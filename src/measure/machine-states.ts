import { MACHINE_STATE_SCRIPT, type MachineState, parseMachineState } from '../environment/gpu-state.ts';
import type { Place } from '../mode/mode.ts';
import type { Visit } from '../plan/plan.ts';
import type { Emit } from '../record/event.ts';
import type { Placed } from './sites.ts';

/** The states of machines with a GPU, by target, and when they were read by our clock, in ms. */
type States = ReadonlyMap<string, MachineState & { atMs: number }>;

/** Guests and hosts of a stay that have a GPU, each once. */
export async function readStates(
  sites: readonly Placed[],
  hasGpu: (target: string) => boolean,
): Promise<States> {
  const all = sites.flatMap(({ site: { guest, host } }) => (host === undefined ? [guest] : [guest, host]));
  const places = new Map(all.map((place) => [place.name, place]));
  const read = [...places.values()].filter(({ name }) => hasGpu(name)).map(readState);
  return new Map(await Promise.all(read));
}

async function readState(place: Place) {
  const { stdout } = await place.run(MACHINE_STATE_SCRIPT);
  return [place.name, { ...parseMachineState(stdout), atMs: performance.now() }] as const;
}

/** The maximum number of a driver's fault messages kept per stay. */
const MOST_FAULTS = 5;

/** Journals how they changed. */
export function tellStates({ block, mode }: Visit, before: States, after: States, emit: Emit): void {
  for (const [target, { gpus, domains, faults, atMs }] of after) {
    const was = before.get(target);
    if (was === undefined) continue;
    // Without a line to count from, old messages can't be distinguished from new ones.
    const since = was.newestLine ?? Infinity;
    emit({
      ...{ type: 'machine-state', block, mode, target, before: was.gpus, after: gpus },
      spentS: (atMs - was.atMs) / 1000,
      domains: domains.flatMap(({ name, cpuS, pinned }) => {
        const earlier = was.domains.find((one) => one.name === name);
        return earlier === undefined ? [] : [{ name, cpuS: Math.max(0, cpuS - earlier.cpuS), pinned }];
      }),
      faults: faults
        .filter(({ line }) => line > since)
        .map(({ text }) => text)
        .slice(0, MOST_FAULTS),
    });
  }
}
