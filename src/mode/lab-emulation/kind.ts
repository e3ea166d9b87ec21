import { modeKind, modeSchema } from '../kind.ts';
import { LAB_NEEDS, MADE_ON_HOST } from '../lab/needs.ts';

const schema = modeSchema('lab-emulation', {}, 'emulation (lab): every access to the GPU is trapped.');

export const labEmulation = modeKind({
  use: 'lab-emulation',
  schema,
  facts: {
    boundary: 'trap',
    ownsGpu: false,
    mostGuests: Infinity,
    attestedUnentered: false,
    definition: 1,
    provenance: 're-created after gVirt',
  },
  sleeps: () => true,
  options: {},
  needsHost: () => MADE_ON_HOST,
  needs: () => LAB_NEEDS,
  contradictions: () => [],
  program: async () => (await import('./program.ts')).labEmulationMode,
});
