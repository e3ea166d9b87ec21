/**
 * A figure is made of readings of the clock, on the guest and, where that serves the GPU, on its host. Clocksources differ
 * in what a reading costs by a factor of 400, so that figures by two of them can't be compared.
 */
import { type NoiseReadings, readNoise } from './noise.ts';
import type { Placed } from './sites.ts';

/** What guests and hosts of a stay were busy with so far, and their clocksources, null where one is not told. */
export interface StayReading {
  noise: NoiseReadings;
  clocksources: ReadonlyMap<string, string | null>;
}

export async function readStay(sites: readonly Placed[]): Promise<StayReading> {
  const hosts = new Map(
    sites.flatMap(({ site: { host } }) => (host === undefined ? [] : [[host.name, host]])),
  );
  const guests = new Map(sites.map(({ site: { guest } }) => [guest.name, guest]));
  const noise = await readNoise([...new Map([...hosts, ...guests]).values()]);
  return { noise, clocksources: new Map([...noise].map(([name, { clocksource }]) => [name, clocksource])) };
}

/**
 * What speaks against figures that are taken now, in words: a clocksource that is not the one which the run began with.
 * Undefined where none does, also where targets don't tell.
 */
export function againstClocks(
  { clocksources }: StayReading,
  first: ReadonlyMap<string, string>,
): string | undefined {
  const changed = [...clocksources].flatMap(([name, now]) => {
    const was = first.get(name);
    return now === null || was === undefined || now === was
      ? []
      : [`the clocksource of ${name} is ${now}, and was ${was} when the run began`];
  });
  if (changed.length === 0) return undefined;
  return `${changed.join('; ')}: figures by the two can’t be compared. Boot it anew (tsc=reliable on Linux’s command line keeps the TSC), then: vgpubench resume --retry`;
}
