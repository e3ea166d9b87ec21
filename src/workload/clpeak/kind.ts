import { z } from 'zod';
import { limits, notThere, workloadKind, workloadSchema } from '../kind.ts';

/** By the names that 1.x has. */
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
    .describe('Which of clpeak’s tests are run.'),
  platform: z.int().min(0).optional().describe('The OpenCL platform, by its number in clinfo.'),
  device: z.int().min(0).optional().describe('The device of that platform, by its number.'),
  format: z
    .enum(['text', 'xml', 'json'])
    .default('text')
    .describe(
      'What is read. text: of clpeak 1.x and 2.x, whichever is there; xml: of 1.x; json: of 2.x, with more digits.',
    ),
  path: z.string().min(1).default('clpeak').describe('The program on the target.'),
  limits,
}).describe('Peak OpenCL figures by clpeak.');

export type ClpeakSpec = z.output<typeof schema>;

export const clpeak = workloadKind({
  use: 'clpeak',
  schema,
  facts: { yields: 'figures', definition: 1 },
  about: {
    read: [
      'each test of clpeak’s own output, by its name: compute in GFLOPS or GIOPS, bandwidth in GB/s, latency in µs',
      'of clpeak 2.x, whose options its own help tells, OpenCL’s figures alone; its dispatch is the kernel-latency of 1.x',
      'a test that was asked for and is not whole fails the trial, as does any other unit, or a second device',
      'a figure beyond its `limits` is void: some kernels are optimised away, and print what no device can do',
    ],
    fails: [
      notThere('path'),
      {
        told: 'expected figures of every test that was asked for, found none of compute-dp',
        next: 'drop that test, as where the device has no double precision',
      },
      {
        told: 'expected all of clpeak’s global-bandwidth, found no float8, float16',
        next: 'OpenCL failed in its midst: what clpeak printed there stands behind it; run it by hand on the target',
      },
      {
        told: 'expected figures of one device, found those of several',
        next: 'choose one by the keys `platform` and `device`, as clinfo counts them',
      },
    ],
    example: { use: 'clpeak', tests: ['global-bandwidth', 'kernel-latency'] },
  },
  needs: ({ path }) => [{ at: 'guest', program: path }],
  contradictions: () => [],
  // A limit of plausibility changes no figure.
  shape: (spec) => ({ ...spec, limits: undefined }),
  program: async () => (await import('./program.ts')).clpeakWorkload,
});
