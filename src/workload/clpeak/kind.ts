import { z } from 'zod';
import { limits, notThere, workloadKind, workloadSchema } from '../kind.ts';

/** By the names that 1.x uses. */
export const CLPEAK_TESTS = [
  'global-bandwidth',
  'compute-sp',
  'compute-dp',
  'compute-integer',
  'compute-intfast',
  'transfer-bandwidth',
  'kernel-latency',
] as const;

const schema = workloadSchema('clpeak', {
  tests: z
    .array(z.enum(CLPEAK_TESTS))
    .min(1)
    .default(['global-bandwidth', 'kernel-latency'])
    .describe('The clpeak tests to run.'),
  platform: z.int().min(0).optional().describe('The OpenCL platform, by its number in clinfo.'),
  device: z.int().min(0).optional().describe('The device of that platform, by its number.'),
  format: z
    .enum(['text', 'xml', 'json'])
    .default('text')
    .describe(
      'The output format to read. text: works with clpeak 1.x and 2.x; xml: 1.x only; json: 2.x only, with more digits.',
    ),
  path: z.string().min(1).default('clpeak').describe('The program on the target.'),
  limits,
}).describe('Peak OpenCL figures, measured by clpeak.');

export type ClpeakSpec = z.output<typeof schema>;

export const clpeak = workloadKind({
  use: 'clpeak',
  schema,
  facts: { yields: 'figures', definition: 1 },
  about: {
    read: [
      'each test of clpeak’s own output, by its name: compute in GFLOPS or GIOPS, bandwidth in GB/s, latency in µs',
      'from clpeak 2.x, which is recognised by its help, only OpenCL’s figures; its dispatch is the kernel-latency of 1.x',
      'an incomplete test fails the trial, as does an unexpected unit or a second device',
      'a figure beyond its `limits` voids the trial: some kernels are optimised away, and then print impossible figures',
    ],
    fails: [
      notThere('path'),
      {
        told: 'expected figures of every requested test, found none of compute-dp',
        next: 'remove that test, for instance if the device has no double precision',
      },
      {
        told: 'expected all of clpeak’s global-bandwidth, found no float8, float16',
        next: 'OpenCL failed during the test; the message ends with clpeak’s output. Run clpeak by hand on the target',
      },
      {
        told: 'expected figures of one device, found those of several',
        next: 'choose one with the keys `platform` and `device`, as numbered by clinfo',
      },
    ],
    example: { use: 'clpeak', tests: ['global-bandwidth', 'kernel-latency'] },
  },
  needs: ({ path }) => [{ at: 'guest', program: path }],
  contradictions: () => [],
  // A plausibility limit does not change figures.
  shape: (spec) => ({ ...spec, limits: undefined }),
  program: async () => (await import('./program.ts')).clpeakWorkload,
});
