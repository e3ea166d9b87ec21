import { z } from 'zod';

/** What a run was made from; each part is absent where nobody knows it. */
export const originSchema = z.object({
  commit: z
    .string()
    .optional()
    .describe('What git had checked out where the experiment file is, or what CI tells.'),
  branch: z.string().optional(),
  dirty: z
    .boolean()
    .optional()
    .describe(
      'Whether files that git follows had been changed since that commit; untracked files don’t count.',
    ),
  ci: z
    .object({ system: z.string(), job: z.string().optional(), url: z.string().optional() })
    .optional()
    .describe('The job of a continuous integration that the run was part of.'),
  labels: z.record(z.string(), z.string()).optional().describe('What `run --label` said.'),
});

export type Origin = z.output<typeof originSchema>;
