import { z } from 'zod';
import { limits, workloadKind, workloadSchema } from '../kind.ts';

const schema = workloadSchema('hashcat', {
  hash: z.int().min(0).default(0).describe('hashcat’s hash mode (-m).'),
  runtime: z.int().min(1).optional().describe('Seconds (--runtime).'),
  path: z.string().min(1).default('hashcat'),
  limits,
}).describe('hashcat’s own benchmark of one hash mode.');

export type HashcatSpec = z.output<typeof schema>;

export const hashcat = workloadKind({
  use: 'hashcat',
  schema,
  facts: { yields: 'figures', definition: 1 },
  needs: ({ path }) => [{ at: 'guest', program: path }],
  contradictions: () => [],
  // A limit of plausibility changes no figure.
  shape: (spec) => ({ ...spec, limits: undefined }),
  program: async () => (await import('./program.ts')).hashcatWorkload,
});
