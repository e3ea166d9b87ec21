import { modeKind, modeSchema } from '../kind.ts';
import { LAB_NOT_UP } from '../lab/about.ts';

const schema = modeSchema(
  'lab-native',
  {},
  'The lab’s bare-metal machine: the GPU is mapped, and there is no hypervisor to cross to.',
);

export const labNative = modeKind({
  use: 'lab-native',
  schema,
  facts: {
    boundary: 'none',
    ownsGpu: true,
    mostGuests: Infinity,
    attestedUnentered: true,
    definition: 2,
    onHardware: true,
    countingSlows: false,
    provenance: 'the real mechanism, on the software GPU',
  },
  about: {
    attested: [
      'there is no Xen, and the GPU is on the machine’s own PCI bus',
      'its runtime uses the GPU natively, and nothing crossed in its trials',
    ],
    fails: [LAB_NOT_UP],
    example: {
      targets: { bare: { lab: 'bare' } },
      modes: { native: { use: 'lab-native', on: 'bare' } },
    },
  },
  sleeps: () => false,
  options: {},
  needsHost: () => undefined,
  needsPower: () => undefined,
  needs: () => [{ at: 'guest', program: 'vgpu-window' }],
  contradictions: () => [],
  program: async () => (await import('./program.ts')).labNativeMode,
});
