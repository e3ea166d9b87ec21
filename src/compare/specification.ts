import { z } from 'zod';
import type { Experiment } from '../experiment/schema.ts';
import { type ModeSpec, modeKindNamed, modeKindOf } from '../mode/kinds.ts';
import { workloadName } from '../workload/kind.ts';
import { type WorkloadSpec, workloadKindOf, workloadKinds } from '../workload/kinds.ts';

/** What was compared, as far as another run must match it to be comparable. */
export const specificationSchema = z
  .object({
    modes: z
      .record(z.string(), z.record(z.string(), z.unknown()))
      .describe('Each mode’s options, but only the number of its targets, because names are local.'),
    workloads: z.record(z.string(), z.record(z.string(), z.unknown())),
    warmup: z.int(),
    samples: z.int(),
  })
  .describe('The experiment’s modes, workloads and repetition, as far as they affect figures.');

export type Specification = z.output<typeof specificationSchema>;

/** Limits of time and plausibility, and claims to attest, don't affect figures and so aren't part of it. */
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
  const shaping = Object.entries(spec).filter(
    // Assumed costs of crossings on hardware are applied to the counts afterwards.
    ([option]) => option !== 'hardware-costs' && kind.options[option]?.shapesFigures !== false,
  );
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

/** The first version is implicit, so that runs from before versions had numbers are comparable. */
function definitionOf({ definition }: { definition: number }): object {
  return definition === 1 ? {} : { definition };
}

/** As it will come back from JSON: without undefined keys. */
function plain(value: object): Record<string, unknown> {
  return JSON.parse(JSON.stringify(value)) as Record<string, unknown>;
}

/**
 * The options of a run's mode or workload, completed with defaults for options that its vgpubench did not
 * have yet. Kinds that this version does not know, and options whose recorded form is not that of a file,
 * stay as they are.
 */
export function withDefaults(what: 'mode' | 'workload', options: Options): Options {
  const kind =
    what === 'mode' ? modeKindNamed(options['use']) : workloadKinds.find(({ use }) => use === options['use']);
  const known = kind?.schema instanceof z.ZodObject ? (kind.schema.shape as Record<string, z.ZodType>) : {};
  const read = Object.entries(known).flatMap(([key, schema]): [string, unknown][] => {
    const parsed = schema.safeParse(Object.hasOwn(options, key) ? options[key] : undefined);
    return parsed.success && parsed.data !== undefined ? [[key, parsed.data]] : [];
  });
  return { ...options, ...plain(Object.fromEntries(read)) };
}

type Options = Readonly<Record<string, unknown>>;
