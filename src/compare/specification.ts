import { z } from 'zod';
import type { Experiment } from '../experiment/schema.ts';
import { type ModeSpec, modeKindOf } from '../mode/kinds.ts';
import { workloadName } from '../workload/kind.ts';
import { type WorkloadSpec, workloadKindOf } from '../workload/kinds.ts';

/** What was compared, as far as another run must have asked the same to be comparable. */
export const specificationSchema = z
  .object({
    modes: z
      .record(z.string(), z.record(z.string(), z.unknown()))
      .describe('Each mode’s options; of its targets only the number, since names are local.'),
    workloads: z.record(z.string(), z.record(z.string(), z.unknown())),
    warmup: z.int(),
    samples: z.int(),
  })
  .describe('The experiment’s modes, workloads and repetition, as far as they shape a figure.');

export type Specification = z.output<typeof specificationSchema>;

/** Limits of time and of plausibility, and claims to attest, change no figure and so aren't part of it. */
export function specificationOf({ modes, workloads, design }: Experiment): Specification {
  return {
    modes: Object.fromEntries(Object.entries(modes).map(([name, mode]) => [name, plain(modeShape(mode))])),
    workloads: Object.fromEntries(
      workloads.map((workload) => [workloadName(workload), plain(workloadShape(workload))]),
    ),
    warmup: design.warmup,
    samples: design.samples,
  };
}

function modeShape({ on, neighbour, ...spec }: ModeSpec): object {
  const kind = modeKindOf(spec);
  const shaping = Object.entries(spec).filter(([option]) => kind.options[option]?.shapesFigures !== false);
  return {
    ...Object.fromEntries(shaping),
    ...(neighbour === undefined ? {} : { neighbour: { run: neighbour.run, targets: neighbour.on.length } }),
    ...definitionOf(kind.facts),
    targets: on.length,
  };
}

function workloadShape(workload: WorkloadSpec): object {
  const kind = workloadKindOf(workload);
  return { ...kind.shape(workload), name: undefined, timeout: undefined, ...definitionOf(kind.facts) };
}

/** The first goes without saying, so that runs from before there were numbers are comparable. */
function definitionOf({ definition }: { definition: number }): object {
  return definition === 1 ? {} : { definition };
}

/** As it will come back from JSON: without the keys that are undefined. */
function plain(value: object): Record<string, unknown> {
  return JSON.parse(JSON.stringify(value)) as Record<string, unknown>;
}
