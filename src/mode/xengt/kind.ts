import { z } from 'zod';
import { size } from '../../words/units.ts';
import { TRAP } from '../hardware-costs.ts';
import { SAME_GPU, modeKind, modeSchema } from '../kind.ts';

export const MIB = 2 ** 20;
const wholeMib = size.refine((bytes) => bytes % MIB === 0 && bytes > 0, {
  error: 'expected a whole number of MiB, such as 128MiB',
});

const schema = modeSchema(
  'xengt',
  {
    aperture: wholeMib
      .default(128 * MIB)
      .describe('Graphics memory that the guest’s CPU can reach (vgt_low_gm_sz); at least 64MiB for Linux.'),
    'graphics-memory': wholeMib
      .default(384 * MIB)
      .describe('Graphics memory that the guest’s CPU can’t reach (vgt_high_gm_sz).'),
    fences: z.int().min(1).max(32).default(4).describe('Fence registers (vgt_fence_sz).'),
  },
  'XenGT: Intel’s mediated pass-through on Xen, with vgt in dom0’s i915 or xen_vgt (2013 to 2016).',
);

export type XengtSpec = z.output<typeof schema>;

export const xengt = modeKind({
  use: 'xengt',
  schema,
  facts: {
    boundary: 'trap',
    ownsGpu: false,
    mostGuests: 7,
    attestedUnentered: false,
    definition: 1,
    onHardware: false,
    countingSlows: false,
    provenance: null,
  },
  about: {
    attested: [
      'dom0 has a vGT instance for this guest, with the requested `aperture` and `graphics-memory`',
      'vGT’s context switch is enabled',
      'the guest’s card is Intel’s, is bound to i915, and its driver keeps to that aperture, where its log says so',
      'vGT saw commands of this guest while its trials ran',
      SAME_GPU,
    ],
    fails: [
      {
        told: 'no vGT instance: vGT is not in this kernel, or not enabled',
        next: 'boot dom0 with i915.vgt=1 (2015 and 2016), or with the kernel of XenGT-Preview, whose module is xen_vgt',
      },
      {
        told: 'no enough available aperture/gm/fence!',
        next: 'ask for less, or shut down a guest that has an instance; available_resource shows what is left',
      },
      {
        told: 'allocate_vgt_id() failed',
        next: 'shut down a guest that has an instance: including dom0’s, Haswell has four of them, Broadwell eight',
      },
      {
        told: 'vGT’s counters can’t be read',
        next: 'mount -t debugfs none /sys/kernel/debug, as root on the host',
      },
    ],
    example: {
      targets: {
        dom0: { ssh: 'igd-host' },
        guest2: { ssh: 'guest2', host: 'dom0', power: { use: 'xl', config: '/etc/xen/guest2.cfg' } },
      },
      modes: {
        native: { use: 'native', on: 'dom0', driver: 'i915', hypervisor: 'allowed' },
        mediated: { use: 'xengt', on: 'guest2', aperture: '128MiB', 'graphics-memory': '384MiB', fences: 4 },
      },
    },
  },
  sleeps: () => true,
  options: {
    aperture: { costs: 'guest boot', shapesFigures: true },
    'graphics-memory': { costs: 'guest boot', shapesFigures: true },
    fences: { costs: 'guest boot', shapesFigures: true },
  },
  needsHost: () => 'is mediated by the guest’s host',
  needsPower: () => 'starts its guest with a vGT instance',
  needs: () => [{ at: 'host', program: 'xl' }],
  contradictions: () => [],
  hardwareCosts: TRAP,
  program: async () => (await import('./program.ts')).xengtMode,
});
