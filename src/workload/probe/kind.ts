import { z } from 'zod';
import { commandLine, name } from '../../words/names.ts';
import { programOf } from '../../words/need.ts';
import { notThere, workloadKind, workloadSchema } from '../kind.ts';

const schema = workloadSchema('probe', {
  name: name.describe('Its name in plans and results.'),
  run: commandLine.describe(
    'Prints a JSON line with `verdict` (refused, allowed or not-applicable) and `evidence`.',
  ),
  directory: z.string().min(1).optional().describe('The directory to run in. Default: the login directory.'),
}).describe(
  'A program that attempts what a guest must not be able to do; its result is a verdict, not a number.',
);

export type ProbeSpec = z.output<typeof schema>;

export const probe = workloadKind({
  use: 'probe',
  schema,
  facts: { yields: 'verdict', definition: 1 },
  about: {
    read: ['the `verdict` of a JSON line: refused, allowed or not-applicable, with its `evidence`'],
    fails: [
      notThere('run'),
      {
        told: 'allowed',
        next: 'read the evidence; if the guest does not own the GPU, the run exits with 1',
      },
    ],
    example: { use: 'probe', name: 'map', run: './probe-map' },
  },
  needs: ({ run, directory }) => [{ at: 'guest', program: programOf(run), directory }],
  contradictions: () => [],
  shape: (spec) => spec,
  program: async () => (await import('./program.ts')).probeWorkload,
});
