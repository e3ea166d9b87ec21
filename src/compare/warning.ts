import { z } from 'zod';

/** A doubt about a run's figures, or about comparing two. */
export const warningSchema = z.object({
  code: z.string().describe('Stable and searchable.'),
  text: z.string().describe('What was seen, and what to do next.'),
});

export type Warning = z.output<typeof warningSchema>;
