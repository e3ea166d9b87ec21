import type { Pilot } from '../../run/pilot.ts';

/** The result of `design.pilot`, in a line; none if it was not requested. */
export function pilotLines(pilot: Pilot | undefined): string[] {
  if (pilot === undefined) return [];
  const { samples } = pilot.experiment.design;
  return [
    pilot.from === undefined
      ? `pilot: no earlier run of this experiment to learn from; using design.samples: ${samples} samples per trial`
      : `pilot: ${samples} samples per trial, based on ${pilot.from}`,
  ];
}
