/**
 * Figures are based on readings of the clock, on the guest and, if that serves the GPU, on its host.
 * Clocksources differ in the cost of a reading by a factor of 400, so figures from two of them can't be
 * compared.
 */
import { type NoiseReadings, readNoise } from './noise.ts';
import type { Placed } from './sites.ts';

/**
 * The load on guests and hosts of a stay so far, and their clocksources; null for one that is not reported.
 */
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
 * The reason not to trust figures taken now: a clocksource other than at the start of the run. Undefined if
 * there is none, or targets don't report it.
 */
export function againstClocks(
  { clocksources }: StayReading,
  first: ReadonlyMap<string, string>,
): string | undefined {
  const changed = [...clocksources].flatMap(([name, now]) => {
    const was = first.get(name);
    return now === null || was === undefined || now === was
      ? []
      : [`the clocksource of ${name} is ${now}, but was ${was} when the run began`];
  });
  if (changed.length === 0) return undefined;
  return `${changed.join('; ')}: figures from the two can’t be compared. Reboot it (tsc=reliable on the kernel command line keeps the TSC), then: vgpubench resume --retry`;
}
