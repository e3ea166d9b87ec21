import { z } from 'zod';
import { duration, size } from '../../words/units.ts';
import { TRAP } from '../hardware-costs.ts';
import { modeKind, modeSchema } from '../kind.ts';
import { addedSchema, addedWords } from '../lab/added.ts';
import { labAbout } from '../lab/about.ts';
import { LAB_NEEDS, MADE_ON_HOST } from '../lab/needs.ts';

const schema = modeSchema(
  'lab-mediated',
  {
    slice: size
      .refine((bytes) => bytes % 1024 ** 2 === 0 && bytes >= 8 * 1024 ** 2, {
        error: 'expected whole MiB, 8MiB or more, such as 16MiB',
      })
      .default(16 * 1024 ** 2)
      .describe('Each guest’s part of the GPU’s memory; at least 8MiB, together at most 115MiB.'),
    quantum: duration
      .refine((ms) => Number.isInteger(ms) && ms <= 10_000, { error: 'expected whole ms, at most 10s' })
      .default(15)
      .describe('Each guest’s time slice.'),
    context: z
      .boolean()
      .default(true)
      .describe(
        'Whether a switch to another guest saves and restores the registers of the GPU’s channel, as in gVirt.',
      ),
    added: addedSchema(['trap', 'switch']),
  },
  'mediated (lab): the guest’s slice is mapped; registers, GTT and tail are trapped; re-created after gVirt.',
);

export type LabMediatedSpec = z.output<typeof schema>;

export const labMediated = modeKind({
  use: 'lab-mediated',
  schema,
  facts: {
    boundary: 'trap',
    ownsGpu: false,
    mostGuests: Infinity,
    attestedUnentered: false,
    definition: 3,
    onHardware: true,
    countingSlows: false,
    provenance: 're-created after gVirt',
  },
  about: labAbout(
    'lab-mediated',
    'registers are read through traps, which dom0 counted, and its slice of VRAM without any',
    { slice: '32MiB' },
  ),
  sleeps: () => true,
  options: {
    slice: { costs: 'nothing', shapesFigures: true },
    quantum: { costs: 'nothing', shapesFigures: true },
    context: { costs: 'nothing', shapesFigures: true },
    added: { costs: 'nothing', shapesFigures: true },
  },
  needsHost: () => MADE_ON_HOST,
  needsPower: () => undefined,
  needs: () => LAB_NEEDS,
  contradictions: () => [],
  adds: ({ added }) => addedWords(added),
  hardwareCosts: TRAP,
  program: async () => (await import('./program.ts')).labMediatedMode,
});
