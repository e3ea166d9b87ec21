import { z } from 'zod';
import { commandLine, name } from '../../words/names.ts';
import { programOf } from '../../words/need.ts';
import { notThere, workloadKind, workloadSchema } from '../kind.ts';
import { type MetricSpec, metricName, metricSchema } from './metric.ts';

const schema = workloadSchema('command', {
  name: name.describe('What it is called in plans and results.'),
  run: commandLine.describe('A command line for POSIX sh on the target.'),
  directory: z.string().min(1).optional().describe('Where it runs; default: the login directory.'),
  thousands: z
    .literal(',')
    .optional()
    .describe(
      'What its numbers have between thousands, where a pattern reads them: else 1,234 is refused, as it may be 1.234.',
    ),
  per: z
    .strictObject({ name, field: z.string().min(1).optional() })
    .optional()
    .describe(
      'What crossings are told per, such as { name: launch, field: launches }: its operation, and the field of a JSON line that counts them. Without a field, a reading is one.',
    ),
  metric: metricSchema.optional().describe('Where its figure is read: this key, or `metrics`.'),
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
    'Any program that prints its figure, or whose duration is the figure. A JSON line of its output whose `check` is neither "ok" nor true says that the result is wrong: the trial is void; one whose `checksum` is not the baseline’s raises a warning, and so does one whose `clockShare`, the share of its time that reading the clock took, is over 0.01.',
  );

export type CommandSpec = z.output<typeof schema>;

export const command = workloadKind({
  use: 'command',
  schema,
  facts: { yields: 'figures', definition: 1 },
  about: {
    read: [
      'by `metric` or `metrics`: a pattern with {value}, a field of a JSON line, or the duration by the guest’s own clock',
      'a JSON line whose `check` is neither "ok" nor true says that the result is wrong: the trial is void',
    ],
    fails: [
      notThere('run'),
      {
        told: 'expected a number in the field totalNs, found no such field',
        next: 'compare `field` or `pattern` with what the program prints there',
      },
      {
        told: 'expected a number where "GFLOPS: {value}" has {value}, found "12k"',
        next: 'a number is read whole or not at all: write a unit that is glued to it into the pattern, and `thousands: ","` where 1,234 is above a thousand',
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
              expected: 'each metric of a workload to have a name of its own (key name)',
              found: `${metric} twice`,
            },
          ],
    );
  },
  // A limit of plausibility changes no figure, nor does what counts are told per, or what is summed up with what.
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

/** The metrics of a command, however they are written down. */
export function metricsOf({ metric, metrics }: CommandSpec): MetricSpec[] {
  return metrics ?? (metric === undefined ? [] : [metric]);
}
