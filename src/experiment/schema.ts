import { z } from 'zod';
import {
  labEmulation,
  labForwarding,
  labMediated,
  labNative,
  labPassthrough,
  labPvdrm,
} from './lab-modes.ts';
import { name, oneOrMany } from './names.ts';
import { targetSchema } from './target-schema.ts';
import { duration, percent, size } from './units.ts';

const commandLine = z.string().min(1, { error: 'expected a shell command, not an empty string' });
const variable = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, {
  error: 'expected the name of an environment variable: letters, digits or underscore',
});

const placedCommand = z
  .union([commandLine, z.strictObject({ run: commandLine, at: z.enum(['guest', 'host']).default('guest') })])
  .transform((command) => (typeof command === 'string' ? { run: command, at: 'guest' as const } : command));

const claim = z
  .strictObject({
    run: commandLine.describe('Must exit with 0.'),
    at: z.enum(['guest', 'host']).default('guest'),
    expect: z.string().min(1).optional().describe('Text that its output must contain.'),
    claim: z.string().min(1).optional().describe('What it proves, in words, for the report.'),
  })
  .describe('A command whose success proves that the mode is what it claims to be.');

const nativeMode = z
  .strictObject({
    use: z.literal('native'),
    on: oneOrMany,
    hypervisor: z
      .enum(['none', 'allowed'])
      .default('none')
      .describe(
        '`none` voids trials where a hypervisor is detected; `allowed` says the baseline is itself a VM.',
      ),
    driver: z.string().optional().describe('The kernel driver that `device` must be bound to.'),
    device: z
      .string()
      .startsWith('/dev/')
      .optional()
      .describe('The GPU’s device node, such as /dev/dri/card0.'),
  })
  .describe('The GPU driven by the operating system that owns it.');

const customMode = z
  .strictObject({
    use: z.literal('custom'),
    on: oneOrMany,
    prepare: z.array(placedCommand).default([]).describe('Run in this order before the mode’s trials.'),
    attest: z.array(claim).default([]).describe('Run before and after the trials of each block.'),
    restore: z
      .array(placedCommand)
      .default([])
      .describe('Undoes `prepare`; journaled before anything is changed.'),
    wrapper: z
      .string()
      .includes('{command}', {
        error: 'expected a wrapper that contains {command}, such as "taskset -c 0 {command}"',
      })
      .optional()
      .describe('Wraps the workload’s command line.'),
    environment: z.record(variable, z.string()).default({}),
  })
  .describe('A mode of your own, from command lists.');

const modeSchema = z.discriminatedUnion('use', [
  nativeMode,
  customMode,
  labNative,
  labPassthrough,
  labPvdrm,
  labMediated,
  labForwarding,
  labEmulation,
]);

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
      .describe('The most the device can do: a figure beyond it voids the trial.'),
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
  })
  .describe('Peak OpenCL figures by clpeak.');

const hashcatWorkload = z
  .strictObject({
    use: z.literal('hashcat'),
    ...common,
    hash: z.int().min(0).default(0).describe('hashcat’s hash mode (-m).'),
    runtime: z.int().min(1).optional().describe('Seconds (--runtime).'),
    path: z.string().min(1).default('hashcat'),
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
    'Any program that prints its figure, or whose duration is the figure. A JSON line of its output whose `check` is not "ok" says that the result is wrong: the trial is void.',
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

const workloadSchema = z.discriminatedUnion('use', [
  clpeakWorkload,
  hashcatWorkload,
  commandWorkload,
  probeWorkload,
]);

const designSchema = z.strictObject({
  blocks: z
    .int()
    .min(1)
    .max(10_000)
    .default(10)
    .describe('Passes over all modes; the unit that comparisons pair on.'),
  seed: z
    .int()
    .min(0)
    .max(4294967295)
    .default(1)
    .describe('Gives the order; the same file and seed give the same plan.'),
  warmup: z
    .int()
    .min(0)
    .max(10_000)
    .default(1)
    .describe('Runs of the workload before the samples of each trial; kept, in no figure.'),
  samples: z.int().min(1).max(100_000).default(10).describe('Runs of the workload in a trial.'),
  precision: percent
    .optional()
    .describe(
      'Trials of a mode and workload are left out once their intervals’ half-widths are at most this (or stopped narrowing), from 8 blocks on; blocks is then the most there are.',
    ),
  margin: percent.default(0.03).describe('Differences within it count as the same.'),
  confidence: z.number().min(0.5).max(0.999).default(0.95),
  aa: z
    .union([z.boolean(), z.int().min(0).max(9)])
    .default(false)
    .transform(Number)
    .describe(
      'A/A arms: the baseline again under the name <baseline>-aa, once or as often as it says. Their verdicts are the harness’s own errors.',
    ),
  budget: duration.optional().describe('No block is begun after this much time.'),
});

const limitsSchema = z.strictObject({
  trial: duration
    .default(120_000)
    .describe('A trial (all its samples) that takes longer is killed in the guest.'),
  output: size
    .default(16 * 1024 ** 2)
    .describe('A run of a workload that prints more than this has failed; no more is ever read.'),
  file: size
    .default(256 * 1024 ** 2)
    .describe('The kernel ends a workload that writes a larger file than this, its output included.'),
});

/** The experiment file. Everything that refers to something else in it is checked in `references.ts`. */
export const experimentSchema = z
  .strictObject({
    name,
    baseline: name.default('native').describe('The mode that the others are a ratio of.'),
    targets: z.record(name, targetSchema),
    modes: z.record(name, modeSchema),
    workloads: z.array(workloadSchema).min(1),
    design: designSchema.prefault({}),
    limits: limitsSchema.prefault({}),
  })
  .describe('A vgpubench experiment.');

export type Experiment = z.output<typeof experimentSchema>;
export type ModeSpec = z.output<typeof modeSchema>;
export type NativeModeSpec = z.output<typeof nativeMode>;
export type CustomModeSpec = z.output<typeof customMode>;
export type PlacedCommand = z.output<typeof placedCommand>;
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

/** The JSON Schema of the experiment file, for editors: what is written, before defaults. */
export function experimentJsonSchema(): object {
  return z.toJSONSchema(experimentSchema, { io: 'input', unrepresentable: 'any' });
}
