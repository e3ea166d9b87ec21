import type { z } from 'zod';
import { MESSAGE } from '../hardware-costs.ts';
import { modeKind, modeSchema } from '../kind.ts';
import { addedSchema, addedWords } from '../lab/added.ts';
import { labAbout } from '../lab/about.ts';
import { LAB_NEEDS, MADE_ON_HOST } from '../lab/needs.ts';

const schema = modeSchema(
  'lab-forwarding',
  { added: addedSchema(['request']) },
  'forwarding (lab): each API call is a message to dom0, including its data.',
);

export type LabForwardingSpec = z.output<typeof schema>;

export const labForwarding = modeKind({
  use: 'lab-forwarding',
  schema,
  facts: {
    boundary: 'API',
    ownsGpu: false,
    mostGuests: Infinity,
    attestedUnentered: false,
    definition: 1,
    onHardware: true,
    countingSlows: false,
    provenance: 're-created, similar to rCUDA',
  },
  about: labAbout(
    'lab-forwarding',
    'the GPU’s registers are neither mapped nor trapped: only API calls cross',
  ),
  sleeps: () => true,
  options: { added: { costs: 'nothing', shapesFigures: true } },
  needsHost: () => MADE_ON_HOST,
  needsPower: () => undefined,
  needs: () => LAB_NEEDS,
  contradictions: () => [],
  adds: ({ added }) => addedWords(added),
  hardwareCosts: MESSAGE,
  program: async () => (await import('./program.ts')).labForwardingMode,
});
