import { z } from 'zod';

/** A reason to doubt a run's figures, or the comparison of two runs. */
export const warningSchema = z.object({
  code: z.string().describe('Stable and searchable.'),
  text: z.string().describe('What was found, and what to do next.'),
});

export type Warning = z.output<typeof warningSchema>;
