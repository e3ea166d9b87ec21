import { z } from 'zod';
import { TRAP_TO_KERNEL } from '../hardware-costs.ts';
import { SAME_GPU, modeKind, modeSchema } from '../kind.ts';
import { MDEV_UUID, pciAddress } from '../sysfs.ts';

const schema = modeSchema(
  'gvtg',
  {
    type: z
      .string()
      .regex(/^i915-GVTg_V[45]_[1248]$/, {
        error: 'expected a type such as i915-GVTg_V5_4: V4 (Broadwell) or V5, and how many of them fit',
      })
      .describe(
        'The type of its virtual GPU: i915-GVTg_V5_4 is one of up to four, with an aperture of 128 MiB, another 512 MiB and a weight of 4 out of 16.',
      ),
    device: pciAddress.default('0000:00:02.0').describe('The GPU’s PCI address on the guest’s host.'),
    uuid: z
      .string()
      .regex(MDEV_UUID, { error: 'expected a UUID in lower case' })
      .optional()
      .describe(
        'The virtual GPU’s UUID, if the guest’s command line or configuration names it. Default: a new one for each stay.',
      ),
  },
  'GVT-g: Intel’s mediated pass-through under KVM, with virtual GPUs provided by the host’s i915 (Broadwell to Coffee Lake).',
);

export type GvtgSpec = z.output<typeof schema>;

export const gvtg = modeKind({
  use: 'gvtg',
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
      'the host has a virtual GPU of `type` for this guest, i915 drives its GPU, and debugfs says that it is active',
      'libvirt’s live configuration has it, where libvirt powers the guest',
      'the guest’s card is Intel’s, bound to i915, which says that it is a virtual one of GVT-g, and keeps to its aperture',
      'the guest’s i915 had interrupts while its trials ran, which one that renders by its CPU has not',
      'the host’s log has no failure of this virtual GPU',
      SAME_GPU,
    ],
    fails: [
      {
        told: 'no mdev_supported_types',
        next: 'boot the host with i915.enable_gvt=1, and modprobe kvmgt',
      },
      {
        told: 'create: No space left on device',
        next: 'the aperture is used up: remove a virtual GPU (ls /sys/bus/mdev/devices), or use a smaller type',
      },
      {
        told: 'VGT balloon fail',
        next: 'see the guest’s log: its i915 could not keep to its part of the graphics memory',
      },
      {
        told: 'Resetting rcs0 for hang on rcs0; fail: shadow page',
        next: 'a guest hung the GPU for all guests: remove the workload that does it, or try a newer kernel',
      },
    ],
    example: {
      targets: {
        host: { ssh: 'igd-host' },
        guest1: { ssh: 'guest1', host: 'host', power: { use: 'virsh' } },
      },
      modes: {
        native: { use: 'native', on: 'host', driver: 'i915' },
        gvtg: { use: 'gvtg', on: 'guest1', type: 'i915-GVTg_V5_4' },
      },
    },
  },
  sleeps: () => true,
  options: {
    type: { costs: 'guest boot', shapesFigures: true },
    device: { costs: 'guest boot', shapesFigures: true },
    uuid: { costs: 'guest boot', shapesFigures: false },
  },
  needsHost: () => 'is mediated by the guest’s host',
  needsPower: () => 'starts its guest with a virtual GPU',
  needs: () => [{ at: 'host', program: 'tee' }],
  contradictions: ({ on, uuid }) =>
    uuid !== undefined && on.length > 1
      ? [
          {
            key: ['uuid'],
            expected: 'a mode of one guest, or no uuid: each guest has its own',
            found: uuid,
          },
        ]
      : [],
  hardwareCosts: TRAP_TO_KERNEL,
  program: async () => (await import('./program.ts')).gvtgMode,
});
