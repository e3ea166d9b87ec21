import { modeKind, modeSchema } from '../kind.ts';
import { labAbout } from '../lab/about.ts';
import { LAB_NEEDS, MADE_ON_HOST } from '../lab/needs.ts';

const schema = modeSchema(
  'lab-passthrough',
  {},
  'The lab’s whole GPU, mapped into one guest: nothing crosses.',
);

export const labPassthrough = modeKind({
  use: 'lab-passthrough',
  schema,
  facts: {
    boundary: 'device',
    ownsGpu: true,
    mostGuests: 1,
    attestedUnentered: false,
    definition: 2,
    onHardware: true,
    countingSlows: false,
    provenance: 'the real mechanism, on the software GPU',
  },
  about: labAbout(
    'lab-passthrough',
    'registers and doorbell are read without a trap, and nothing crossed in its trials',
  ),
  sleeps: () => true,
  options: {},
  needsHost: () => MADE_ON_HOST,
  needsPower: () => undefined,
  needs: () => LAB_NEEDS,
  contradictions: () => [],
  hardwareCosts: {},
  program: async () => (await import('./program.ts')).labPassthroughMode,
});
