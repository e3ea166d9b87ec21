import { z } from 'zod';
import { name } from '../../words/names.ts';

/** How a figure is read from a program's output. */
export const metricSchema = z
  .strictObject({
    name: name.optional().describe('Default: the kind of figure of the unit, `value` or `duration`.'),
    pattern: z
      .string()
      .refine((text) => text.split('{value}').length === 2, {
        error: 'expected {value} exactly once, as in "GFLOPS: {value}"',
      })
      .optional()
      .describe(
        'Literal text with {value} in place of the number, on the same line; each match is a sample. A space matches any white space within a line, a line break also across lines. Letters directly after the number must be part of the pattern.',
      ),
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
        'The best value that the device can reach, the lowest if lower is better: a figure beyond it voids the trial.',
      ),
    suite: z
      .boolean()
      .optional()
      .describe(
        'false: excluded from a mode’s figure over all workloads, for instance for a cold start or a control.',
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
          message: `expected the key ${key} next to pattern or field`,
          input: 'no such key',
        });
  });

export type MetricSpec = z.output<typeof metricSchema>;

/** The name of a command's metric in results. */
export function metricName(metric: MetricSpec): string {
  return metric.name ?? metric.field ?? (metric.duration === true ? 'duration' : 'value');
}
