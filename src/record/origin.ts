import { z } from 'zod';

/** What a run measured; unknown parts are absent. */
export const originSchema = z.object({
  commit: z
    .string()
    .optional()
    .describe('The commit checked out where the experiment file is, or as reported by the CI.'),
  branch: z.string().optional(),
  dirty: z
    .boolean()
    .optional()
    .describe('Whether tracked files had uncommitted changes; untracked files don’t count.'),
  ci: z
    .object({ system: z.string(), job: z.string().optional(), url: z.string().optional() })
    .optional()
    .describe('The CI job that the run was part of.'),
  labels: z.record(z.string(), z.string()).optional().describe('Labels from `run --label`.'),
});

export type Origin = z.output<typeof originSchema>;
