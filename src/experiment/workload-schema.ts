import { z } from 'zod';
import { commandLine, name } from './names.ts';
import { duration } from './units.ts';

const metricSchema = z
  .strictObject({
    name: name.optional().describe('Default: the unit’s kind of figure, `value` or `duration`.'),
    pattern: z
      .string()
      .refine((text) => text.split('{value}').length === 2, {
        error: 'expected {value} exactly once, as in "GFLOPS: {value}"',
      })
      .optional()
      .describe('Literal text with {value} where the number stands; each match is a sample.'),
    field: z
      .string()
      .min(1)
      .optional()
      .describe('A field of the JSON lines that the program prints; a.b reaches inside.'),
    duration: z.literal(true).optional().describe('The program’s own duration, by the guest’s clock, in ms.'),
    unit: z.string().min(1).max(32).optional(),
    better: z.enum(['higher', 'lower']).optional(),
    limit: z
      .number()
      .positive()
      .optional()
      .describe(
        'The best the device can do, the least where lower is better: a figure beyond it voids the trial.',
      ),
  })
  .superRefine((metric, context) => {
    const sources = ['pattern', 'field', 'duration'].filter((key) => key in metric);
    if (sources.length !== 1)
      context.addIssue({
        code: 'custom',
        message: 'expected exactly one of pattern, field or duration',
        input: sources.length === 0 ? 'none of them' : sources.join(' and '),
      });
    if (metric.duration === true) return;
    for (const key of ['unit', 'better'] as const)
      if (metric[key] === undefined)
        context.addIssue({
          code: 'custom',
          message: `expected the key ${key} beside pattern or field`,
          input: 'no such key',
        });
  });

const common = {
  name: name.optional().describe('Default: what `use` says.'),
  timeout: duration.optional().describe('Overrides limits.trial for this workload.'),
};

const limits = z
  .record(z.string(), z.number().positive())
  .optional()
  .describe(
    'By metric, such as compute-sp.float: the best the device can do, the least where lower is better. A figure beyond it voids the trial.',
  );

const CLPEAK_TESTS = [
  'global-bandwidth',
  'compute-sp',
  'compute-dp',
  'compute-integer',
  'compute-intfast',
  'transfer-bandwidth',
  'kernel-latency',
] as const;

const clpeakWorkload = z
  .strictObject({
    use: z.literal('clpeak'),
    ...common,
    tests: z.array(z.enum(CLPEAK_TESTS)).min(1).default(['global-bandwidth', 'kernel-latency']),
    platform: z.int().min(0).optional(),
    device: z.int().min(0).optional(),
    format: z
      .enum(['text', 'xml', 'json'])
      .default('text')
      .describe('text and xml: clpeak 1.x; json: clpeak 2.x.'),
    path: z.string().min(1).default('clpeak').describe('The program on the target.'),
    limits,
  })
  .describe('Peak OpenCL figures by clpeak.');

const hashcatWorkload = z
  .strictObject({
    use: z.literal('hashcat'),
    ...common,
    hash: z.int().min(0).default(0).describe('hashcat’s hash mode (-m).'),
    runtime: z.int().min(1).optional().describe('Seconds (--runtime).'),
    path: z.string().min(1).default('hashcat'),
    limits,
  })
  .describe('hashcat’s own benchmark of one hash mode.');

const commandWorkload = z
  .strictObject({
    use: z.literal('command'),
    ...common,
    name,
    run: commandLine,
    directory: z.string().min(1).optional().describe('Where it runs; default: the login directory.'),
    metric: metricSchema.optional(),
    metrics: z.array(metricSchema).min(1).optional(),
  })
  .superRefine((workload, context) => {
    if ((workload.metric === undefined) === (workload.metrics === undefined))
      context.addIssue({
        code: 'custom',
        message: 'expected either metric or metrics',
        input: workload.metric === undefined ? 'neither' : 'both',
      });
  })
  .describe(
    'Any program that prints its figure, or whose duration is the figure. A JSON line of its output whose `check` is not "ok" says that the result is wrong: the trial is void; one whose `checksum` is not the baseline’s raises a doubt.',
  );

const probeWorkload = z
  .strictObject({
    use: z.literal('probe'),
    ...common,
    name,
    run: commandLine.describe(
      'Prints a JSON line with `verdict` (refused, allowed or not-applicable) and `evidence`.',
    ),
    directory: z.string().min(1).optional().describe('Where it runs; default: the login directory.'),
  })
  .describe('A program that tries what a guest must not be able to do: its figure is a verdict, no number.');

export const workloadSchema = z.discriminatedUnion('use', [
  clpeakWorkload,
  hashcatWorkload,
  commandWorkload,
  probeWorkload,
]);

export type WorkloadSpec = z.output<typeof workloadSchema>;
export type ClpeakSpec = z.output<typeof clpeakWorkload>;
export type HashcatSpec = z.output<typeof hashcatWorkload>;
export type CommandSpec = z.output<typeof commandWorkload>;
export type ProbeSpec = z.output<typeof probeWorkload>;
export type MetricSpec = z.output<typeof metricSchema>;

/** The name under which a workload appears in plans and results. */
export function workloadName(workload: WorkloadSpec): string {
  return workload.name ?? workload.use;
}

/** The name under which a metric of a command appears in results. */
export function metricName(metric: MetricSpec): string {
  return metric.name ?? metric.field ?? (metric.duration === true ? 'duration' : 'value');
}

/** The metrics of a command, however they are written down. */
export function metricsOf({ metric, metrics }: CommandSpec): MetricSpec[] {
  return metrics ?? (metric === undefined ? [] : [metric]);
}
