import type { Pilot } from '../../run/pilot.ts';

/** What `design.pilot` came to, in a line; none where it was not asked for. */
export function pilotLines(pilot: Pilot | undefined): string[] {
  if (pilot === undefined) return [];
  const { samples } = pilot.experiment.design;
  return [
    pilot.from === undefined
      ? `pilot: no earlier run of this experiment tells how many samples a trial should have: ${samples}, as design.samples says`
      : `pilot: ${samples} samples per trial, as ${pilot.from} asks for`,
  ];
}
