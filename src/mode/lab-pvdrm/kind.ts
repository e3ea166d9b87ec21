import { z } from 'zod';
import { POLLED_REQUEST } from '../hardware-costs.ts';
import { modeKind, modeSchema } from '../kind.ts';
import { addedSchema, addedWords } from '../lab/added.ts';
import { labAbout } from '../lab/about.ts';
import { LAB_NEEDS, MADE_ON_HOST } from '../lab/needs.ts';

const schema = modeSchema(
  'lab-pvdrm',
  {
    cache: z.boolean().default(false).describe('Pool mappable GEM objects when they are freed.'),
    sequential: z
      .boolean()
      .default(true)
      .describe('The polling thread serves each request itself; otherwise an ordered queue does.'),
    rest: z
      .boolean()
      .default(false)
      .describe(
        'After a while without requests, the back-end yields to everything else in dom0 and polls every 2 ms; otherwise it always polls every 20 ns, like the original, and occupies a CPU.',
      ),
    added: addedSchema(['request', 'page-unmapped']),
  },
  'pvdrm (lab): the DRM interface over granted slots, re-created after its published design.',
);

export type LabPvdrmSpec = z.output<typeof schema>;

export const labPvdrm = modeKind({
  use: 'lab-pvdrm',
  schema,
  facts: {
    boundary: 'DRM',
    ownsGpu: false,
    mostGuests: Infinity,
    attestedUnentered: false,
    definition: 3,
    onHardware: true,
    countingSlows: false,
    provenance: 're-created after CPFL/pvdrm',
  },
  about: labAbout(
    'lab-pvdrm',
    'front-end and back-end are connected in xenstore, and a freed object is reused with cache: true, and newly created without',
    { cache: true },
  ),
  sleeps: () => true,
  options: {
    cache: { costs: 'nothing', shapesFigures: true, actsByCrossings: true },
    sequential: { costs: 'nothing', shapesFigures: true },
    rest: { costs: 'nothing', shapesFigures: true },
    added: { costs: 'nothing', shapesFigures: true },
  },
  needsHost: () => MADE_ON_HOST,
  needsPower: () => undefined,
  needs: () => LAB_NEEDS,
  contradictions: () => [],
  adds: ({ added }) => addedWords(added),
  hardwareCosts: POLLED_REQUEST,
  program: async () => (await import('./program.ts')).labPvdrmMode,
});
