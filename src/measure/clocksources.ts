/**
 * A figure is made of readings of the clock, on the guest and, where that serves the GPU, on its host. Clocksources differ
 * in what a reading costs by a factor of 400, so that figures by two of them can't be compared.
 */
import type { Place } from '../mode/mode.ts';
import type { NoiseReadings } from './noise.ts';
import type { Placed } from './sites.ts';

/** The places of a stay whose clocks its figures rest on: its guests, and their hosts. */
export function clocksOf(sites: readonly Placed[]): Place[] {
  const places = sites.flatMap(({ site }) => [site.guest, ...(site.host === undefined ? [] : [site.host])]);
  return [...new Map(places.map((place) => [place.name, place])).values()];
}

/**
 * What speaks against figures that are taken now, in words: a clocksource that is not the one which the run began with.
 * Undefined where none does, also where targets don't tell.
 */
export function againstClocks(
  readings: NoiseReadings,
  first: ReadonlyMap<string, string>,
): string | undefined {
  const changed = [...readings].flatMap(([name, { clocksource: now }]) => {
    const was = first.get(name);
    return now === null || was === undefined || now === was
      ? []
      : [`the clocksource of ${name} is ${now}, and was ${was} when the run began`];
  });
  if (changed.length === 0) return undefined;
  return `${changed.join('; ')}: figures by the two can’t be compared. Boot it anew (tsc=reliable on Linux’s command line keeps the TSC), then: vgpubench resume --retry`;
}
