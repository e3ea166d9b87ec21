import { z } from 'zod';
import { limits, notThere, workloadKind, workloadSchema } from '../kind.ts';

const schema = workloadSchema('hashcat', {
  hash: z.int().min(0).default(0).describe('hashcat’s hash mode (-m).'),
  runtime: z.int().min(1).optional().describe('Seconds (--runtime).'),
  path: z.string().min(1).default('hashcat').describe('The program on the target.'),
  limits,
}).describe('hashcat’s own benchmark of one hash mode.');

export type HashcatSpec = z.output<typeof schema>;

export const hashcat = workloadKind({
  use: 'hashcat',
  schema,
  facts: { yields: 'figures', definition: 1 },
  about: {
    read: [
      'the hashes per second in its machine-readable benchmark output, one metric per device if there are several',
    ],
    fails: [
      notThere('path'),
      {
        told: 'expected hashcat’s device:mode:core:mem:ms:H/s, found no such line',
        next: 'run hashcat -b --machine-readable on the target; there may be no OpenCL device',
      },
    ],
    example: { use: 'hashcat', hash: 1400 },
  },
  needs: ({ path }) => [{ at: 'guest', program: path }],
  contradictions: () => [],
  // A plausibility limit does not change figures.
  shape: (spec) => ({ ...spec, limits: undefined }),
  program: async () => (await import('./program.ts')).hashcatWorkload,
});
