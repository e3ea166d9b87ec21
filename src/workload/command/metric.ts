import { z } from 'zod';
import { name } from '../../words/names.ts';

/** Where a figure stands in what a program prints. */
export const metricSchema = z
  .strictObject({
    name: name.optional().describe('Default: the unit’s kind of figure, `value` or `duration`.'),
    pattern: z
      .string()
      .refine((text) => text.split('{value}').length === 2, {
        error: 'expected {value} exactly once, as in "GFLOPS: {value}"',
      })
      .optional()
      .describe(
        'Literal text with {value} where the number stands, on the same line; each match is a sample. A space is any white space of a line, a line break also of several. Letters that are glued to the number are part of the pattern, or it is refused.',
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
        'The best the device can do, the least where lower is better: a figure beyond it voids the trial.',
      ),
    suite: z
      .boolean()
      .optional()
      .describe(
        'false: does not count towards a mode’s figure over all workloads, such as a cold start beside a rate, or a control.',
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

export type MetricSpec = z.output<typeof metricSchema>;

/** The name under which a metric of a command appears in results. */
export function metricName(metric: MetricSpec): string {
  return metric.name ?? metric.field ?? (metric.duration === true ? 'duration' : 'value');
}
