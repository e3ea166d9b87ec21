import { modeKind, modeSchema } from '../kind.ts';
import { labAbout } from '../lab/about.ts';
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
    onHardware: true,
    countingSlows: false,
    provenance: 're-created after gVirt',
  },
  about: labAbout(
    'lab-emulation',
    'a register and a word of its slice were read by traps alone, which dom0 counted',
  ),
  sleeps: () => true,
  options: {},
  needsHost: () => MADE_ON_HOST,
  needsPower: () => undefined,
  needs: () => LAB_NEEDS,
  contradictions: () => [],
  program: async () => (await import('./program.ts')).labEmulationMode,
});
