import { modeKind, modeSchema } from '../kind.ts';

const schema = modeSchema(
  'lab-native',
  {},
  'The lab’s bare box: the GPU mapped, no hypervisor that the workload could cross to.',
);

export const labNative = modeKind({
  use: 'lab-native',
  schema,
  facts: {
    boundary: 'none',
    ownsGpu: true,
    mostGuests: Infinity,
    attestedUnentered: true,
    definition: 1,
    provenance: 'the real mechanism, on the software GPU',
  },
  sleeps: () => false,
  options: {},
  needsHost: () => undefined,
  needs: () => [{ at: 'guest', program: 'vgpu-window' }],
  contradictions: () => [],
  program: async () => (await import('./program.ts')).labNativeMode,
});
