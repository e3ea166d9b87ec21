import { type Reading, type Workload, WorkloadFailure } from '../workload/workload.ts';

/** A figure that can't be believed. */
export class Implausible extends Error {}

/**
 * Checks the figures against the limits in the experiment (a roofline).
 *
 * @throws Implausible beyond a limit; WorkloadFailure if a limit names a figure that does not exist.
 */
export function checkPlausible(readings: readonly Reading[], workload: Workload): void {
  const figures = readings.flatMap(({ metrics }) => metrics);
  for (const { name, value, unit, better } of figures) {
    const limit = Object.hasOwn(workload.limits, name) ? workload.limits[name] : undefined;
    if (limit !== undefined && (better === 'higher' ? value > limit : value < limit))
      throw new Implausible(`${name} of ${value} ${unit} is beyond the device’s limit of ${limit} ${unit}`);
  }
  const names = new Set(figures.map(({ name }) => name));
  const idle = Object.keys(workload.limits).filter((name) => !names.has(name));
  if (idle.length > 0)
    throw new WorkloadFailure(
      `a limit is set for ${idle.join(', ')}, but the figures are ${[...names].join(', ').slice(0, 300)}`,
    );
}
