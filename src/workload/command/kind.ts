import { z } from 'zod';
import { commandLine, name } from '../../words/names.ts';
import { programOf } from '../../words/need.ts';
import { notThere, workloadKind, workloadSchema } from '../kind.ts';
import { type MetricSpec, metricName, metricSchema } from './metric.ts';

const schema = workloadSchema('command', {
  name: name.describe('Its name in plans and results.'),
  run: commandLine.describe('A command line for POSIX sh on the target.'),
  directory: z.string().min(1).optional().describe('The directory to run in. Default: the login directory.'),
  thousands: z
    .literal(',')
    .optional()
    .describe(
      'The thousands separator of numbers read by a pattern. Without it, 1,234 is rejected, because it may mean 1.234.',
    ),
  per: z
    .strictObject({ name, field: z.string().min(1).optional() })
    .optional()
    .describe(
      'The operation to which crossings are related, such as { name: launch, field: launches }: its name, and the field of a JSON line that counts operations. Without a field, each reading is one operation.',
    ),
  metric: metricSchema.optional().describe('How its figure is read: use this key or `metrics`.'),
  metrics: z.array(metricSchema).min(1).optional().describe('Several figures of one run, each with a name.'),
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
    'Any program that prints its figure, or whose duration is the figure. It can print JSON lines: a `check` other than "ok" or true means a wrong result and voids the trial; a `checksum` other than the baseline’s raises a warning, as does a `clockShare` (the share of its time spent reading the clock) over 0.01.',
  );

export type CommandSpec = z.output<typeof schema>;

export const command = workloadKind({
  use: 'command',
  schema,
  facts: { yields: 'figures', definition: 1 },
  about: {
    read: [
      '`metric` or `metrics`: a pattern with {value}, a field of a JSON line, or the duration by the guest’s own clock',
      'a JSON line whose `check` is neither "ok" nor true means a wrong result: the trial is void',
    ],
    fails: [
      notThere('run'),
      {
        told: 'expected a number in the field totalNs, found no such field',
        next: 'compare `field` or `pattern` with what the program prints on the target',
      },
      {
        told: 'expected a number where "GFLOPS: {value}" has {value}, found "12k"',
        next: 'partial numbers are not accepted: include a unit without a space in the pattern, and set `thousands: ","` if 1,234 means more than a thousand',
      },
    ],
    example: {
      use: 'command',
      name: 'mmul',
      run: './mmul 1024',
      metric: { pattern: 'GFLOPS: {value}', unit: 'GFLOP/s', better: 'higher' },
    },
  },
  needs: ({ run, directory }) => [{ at: 'guest', program: programOf(run), directory }],
  contradictions: (spec) => {
    const names = metricsOf(spec).map(metricName);
    return names.flatMap((metric, place) =>
      names.indexOf(metric) === place
        ? []
        : [
            {
              key: ['metrics', place],
              expected: 'a different name for each metric of a workload (key name)',
              found: `${metric} twice`,
            },
          ],
    );
  },
  // A plausibility limit does not change figures; nor does the operation to which counts are related, or
  // which metrics are summarised together.
  shape: (spec) => ({
    ...spec,
    per: undefined,
    metric: undefined,
    metrics: metricsOf(spec).map((one) => ({ ...one, limit: undefined, suite: undefined })),
  }),
  per: ({ per }) => per?.name,
  inSuite: (spec, metric) => metricsOf(spec).find((one) => metricName(one) === metric)?.suite !== false,
  program: async () => (await import('./program.ts')).commandWorkload,
});

/** The metrics of a command, in whichever form they are written. */
export function metricsOf({ metric, metrics }: CommandSpec): MetricSpec[] {
  return metrics ?? (metric === undefined ? [] : [metric]);
}
