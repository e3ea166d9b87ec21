import { z } from 'zod';
import type { Experiment } from '../experiment/schema.ts';
import { workloadName } from '../experiment/workload-schema.ts';

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
    modes: Object.fromEntries(
      Object.entries(modes).map(([name, { on, ...options }]) => [
        name,
        plain({ ...options, attest: undefined, targets: on.length }),
      ]),
    ),
    workloads: Object.fromEntries(
      workloads.map((workload) => [
        workloadName(workload),
        plain({ ...workload, name: undefined, timeout: undefined, ...metricsOf(workload) }),
      ]),
    ),
    warmup: design.warmup,
    samples: design.samples,
  };
}

function metricsOf(workload: Experiment['workloads'][number]): object {
  if (workload.use !== 'command') return {};
  const metrics = workload.metrics ?? [workload.metric];
  return { metric: undefined, metrics: metrics.map((metric) => ({ ...metric, limit: undefined })) };
}

/** As it will come back from JSON: without the keys that are undefined. */
function plain(value: object): Record<string, unknown> {
  return JSON.parse(JSON.stringify(value)) as Record<string, unknown>;
}
