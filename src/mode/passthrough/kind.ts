import { z } from 'zod';
import { SAME_GPU, modeKind, modeSchema } from '../kind.ts';
import { pciAddress } from '../sysfs.ts';

const schema = modeSchema(
  'passthrough',
  {
    device: pciAddress.describe('The GPU’s PCI address on the guest’s host.'),
    with: z
      .array(pciAddress)
      .default([])
      .describe(
        'Other functions passed through with it, such as its audio; under KVM, its whole IOMMU group except bridges.',
      ),
    driver: z
      .string()
      .regex(/^[A-Za-z0-9_-]+$/, { error: 'expected a kernel driver’s name, such as nouveau' })
      .optional()
      .describe('The kernel driver that it must be bound to in the guest. Default: any.'),
    plug: z
      .enum(['start', 'running'])
      .default('start')
      .describe(
        'When the guest gets it: at its start, or while it runs, which requires firmware and drivers in the guest that support hot-plugging a GPU.',
      ),
    reset: z
      .string()
      .regex(/^[a-z_]+$/, { error: 'expected one of the names in its reset_method, such as flr or bus' })
      .optional()
      .describe(
        'The reset method for its host’s kernel, out of those in its reset_method. Default: all, in their order.',
      ),
    permissive: z
      .boolean()
      .default(false)
      .describe('Xen only: the guest may write to its whole configuration space, which is unsafe.'),
    confidential: z
      .boolean()
      .default(false)
      .describe('true: NVIDIA’s confidential computing must be on in it; false: it must be off.'),
    allow: z
      .enum(['host-reset'])
      .optional()
      .describe(
        'Passes a card through even if it is known not to survive its reset between guests; its host may then have to be rebooted.',
      ),
  },
  'Pass-through: a whole GPU for one guest, with Xen’s pciback or VFIO under KVM.',
);

export type PassthroughSpec = z.output<typeof schema>;

export const passthrough = modeKind({
  use: 'passthrough',
  schema,
  facts: {
    boundary: 'device',
    ownsGpu: true,
    mostGuests: 1,
    attestedUnentered: false,
    definition: 1,
    onHardware: false,
    countingSlows: false,
    provenance: null,
  },
  about: {
    attested: [
      'the host has given the GPU away: pciback or vfio-pci holds it, and the host has no DRM device of it',
      'the guest has it: `xl pci-list` has its address, or libvirt’s live configuration does; under KVM, vfio-pci has it open, with all of its IOMMU group',
      'the guest has one PCI device of its vendor and product, bound to `driver`, or to some driver where none is named; NVIDIA’s says Pass-Through, where nvidia-smi is there',
      'confidential computing is on or off as `confidential` has it, where nvidia-smi tells; where it has to be on, it has to tell',
      'the host’s log has no reset of it that failed',
      SAME_GPU,
    ],
    fails: [
      {
        told: 'cannot be assigned - no IOMMU; or no IOMMU group',
        next: 'enable VT-d or AMD-Vi in the firmware; on Intel, Linux also needs intel_iommu=on, Xen needs nothing else',
      },
      {
        told: 'Looks like pciback driver not loaded',
        next: 'modprobe xen-pciback, as root on the host',
      },
      {
        told: 'passthrough not yet supported for x86 PVH guests',
        next: 'make it an HVM or PV guest: type="hvm" in its xl.cfg',
      },
      {
        told: 'others of its IOMMU group are not held by vfio-pci',
        next: 'add them to `with`; vgpubench doctor lists them',
      },
      {
        told: 'timed out waiting for DM to remove; it does not release it',
        next: 'nothing: the guest is then restarted; remove plug: running if this happens often',
      },
      {
        told: 'not ready 65535ms after FLR; giving up',
        next: 'it did not come back from its reset: reboot the host, and try another `reset` from its reset_method',
      },
      {
        told: 'it is known not to survive its reset between guests',
        next: 'pass a virtual function through; or set allow: host-reset, if its host may be rebooted',
      },
    ],
    example: {
      targets: {
        dom0: { ssh: 'xen-host' },
        guest1: { ssh: 'guest1', host: 'dom0', power: { use: 'xl', config: '/etc/xen/guest1.cfg' } },
      },
      modes: {
        native: { use: 'native', on: 'dom0', driver: 'nouveau', hypervisor: 'allowed' },
        passthrough: { use: 'passthrough', on: 'guest1', device: '0000:01:00.0', driver: 'nouveau' },
      },
    },
  },
  sleeps: () => true,
  options: {
    device: { costs: 'guest boot', shapesFigures: true },
    with: { costs: 'guest boot', shapesFigures: false },
    driver: { costs: 'nothing', shapesFigures: true },
    plug: { costs: 'guest boot', shapesFigures: false },
    reset: { costs: 'guest boot', shapesFigures: false },
    permissive: { costs: 'guest boot', shapesFigures: true },
    confidential: { costs: 'machine boot', shapesFigures: true },
    allow: { costs: 'nothing', shapesFigures: false },
  },
  needsHost: () => 'is given its GPU by the guest’s host',
  needsPower: () => 'starts its guest with the GPU',
  needs: () => [{ at: 'host', program: 'tee' }],
  contradictions: ({ device, with: others }) =>
    others.includes(device)
      ? [{ key: ['with'], expected: 'functions other than the GPU itself', found: device }]
      : [],
  program: async () => (await import('./program.ts')).passthroughMode,
});
