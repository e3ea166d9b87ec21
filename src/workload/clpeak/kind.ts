import { z } from 'zod';
import { limits, workloadKind, workloadSchema } from '../kind.ts';

const CLPEAK_TESTS = [
  'global-bandwidth',
  'compute-sp',
  'compute-dp',
  'compute-integer',
  'compute-intfast',
  'transfer-bandwidth',
  'kernel-latency',
] as const;

const schema = workloadSchema('clpeak', {
  tests: z.array(z.enum(CLPEAK_TESTS)).min(1).default(['global-bandwidth', 'kernel-latency']),
  platform: z.int().min(0).optional(),
  device: z.int().min(0).optional(),
  format: z
    .enum(['text', 'xml', 'json'])
    .default('text')
    .describe('text and xml: clpeak 1.x; json: clpeak 2.x.'),
  path: z.string().min(1).default('clpeak').describe('The program on the target.'),
  limits,
}).describe('Peak OpenCL figures by clpeak.');

export type ClpeakSpec = z.output<typeof schema>;

export const clpeak = workloadKind({
  use: 'clpeak',
  schema,
  facts: { yields: 'figures', definition: 1 },
  needs: ({ path }) => [{ at: 'guest', program: path }],
  contradictions: () => [],
  // A limit of plausibility changes no figure.
  shape: (spec) => ({ ...spec, limits: undefined }),
  program: async () => (await import('./program.ts')).clpeakWorkload,
});
