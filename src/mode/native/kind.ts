import { z } from 'zod';
import { SAME_GPU, modeKind, modeSchema } from '../kind.ts';

const schema = modeSchema(
  'native',
  {
    hypervisor: z
      .enum(['none', 'allowed'])
      .default('none')
      .describe(
        '`none` voids trials if a hypervisor is detected; `allowed` means that the baseline is itself a VM.',
      ),
    driver: z.string().optional().describe('The kernel driver that `device` must be bound to.'),
    device: z
      .string()
      .startsWith('/dev/')
      .optional()
      .describe('The GPU’s device node, such as /dev/dri/card0.'),
  },
  'The GPU driven by the operating system that owns it.',
);

export type NativeSpec = z.output<typeof schema>;

export const native = modeKind({
  use: 'native',
  schema,
  facts: {
    boundary: 'none',
    ownsGpu: true,
    mostGuests: Infinity,
    attestedUnentered: true,
    definition: 1,
    onHardware: true,
    countingSlows: false,
    provenance: null,
  },
  about: {
    attested: [
      'there is no hypervisor below, by the CPU’s flag, /sys/hypervisor and systemd-detect-virt',
      '`device` is bound to `driver`, where that is given',
      SAME_GPU,
    ],
    fails: [
      {
        told: 'no hypervisor: found: hypervisor, xen',
        next: 'boot it without one, or set hypervisor: allowed if the baseline is itself a guest or a dom0',
      },
      {
        told: '/dev/dri/card0 is bound to nouveau: no driver',
        next: 'load that driver (modprobe nouveau), or correct `driver` and `device`',
      },
    ],
    example: {
      targets: { bare: { ssh: 'gpu-host' } },
      modes: { native: { use: 'native', on: 'bare', driver: 'nouveau', device: '/dev/dri/card0' } },
    },
  },
  sleeps: () => false,
  options: {
    hypervisor: { costs: 'machine boot', shapesFigures: true },
    driver: { costs: 'module', shapesFigures: true },
    device: { costs: 'nothing', shapesFigures: true },
  },
  needsHost: () => undefined,
  needsPower: () => undefined,
  needs: () => [],
  contradictions: () => [],
  program: async () => (await import('./program.ts')).nativeMode,
});
