import type { z } from 'zod';
import { TRAP } from '../hardware-costs.ts';
import { modeKind, modeSchema } from '../kind.ts';
import { addedSchema, addedWords } from '../lab/added.ts';
import { labAbout } from '../lab/about.ts';
import { LAB_NEEDS, MADE_ON_HOST } from '../lab/needs.ts';

const schema = modeSchema(
  'lab-emulation',
  { added: addedSchema(['trap', 'switch']) },
  'emulation (lab): every access to the GPU is trapped.',
);

export type LabEmulationSpec = z.output<typeof schema>;

export const labEmulation = modeKind({
  use: 'lab-emulation',
  schema,
  facts: {
    boundary: 'trap',
    ownsGpu: false,
    mostGuests: Infinity,
    attestedUnentered: false,
    definition: 2,
    onHardware: true,
    countingSlows: false,
    provenance: 're-created after gVirt',
  },
  about: labAbout(
    'lab-emulation',
    'a register and a word of its slice could only be read through traps, which dom0 counted',
  ),
  sleeps: () => true,
  options: { added: { costs: 'nothing', shapesFigures: true } },
  needsHost: () => MADE_ON_HOST,
  needsPower: () => undefined,
  needs: () => LAB_NEEDS,
  contradictions: () => [],
  adds: ({ added }) => addedWords(added),
  hardwareCosts: TRAP,
  program: async () => (await import('./program.ts')).labEmulationMode,
});
