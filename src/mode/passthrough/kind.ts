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
        'Other functions that go with it, such as its audio: under KVM all of its IOMMU group but bridges.',
      ),
    driver: z
      .string()
      .regex(/^[A-Za-z0-9_-]+$/, { error: 'expected a kernel driver’s name, such as nouveau' })
      .optional()
      .describe('The kernel driver that it must be bound to in the guest; any by default.'),
    plug: z
      .enum(['start', 'running'])
      .default('start')
      .describe(
        'When the guest is given it: with a start, or while it runs, which takes a guest whose firmware and drivers take a GPU that comes and goes.',
      ),
    reset: z
      .string()
      .regex(/^[a-z_]+$/, { error: 'expected one of the names in its reset_method, such as flr or bus' })
      .optional()
      .describe(
        'How its host’s kernel resets it, of the ways in its reset_method; all, in their order, by default.',
      ),
    permissive: z
      .boolean()
      .default(false)
      .describe('Xen only: the guest may write to all of its configuration space, which is no longer safe.'),
    confidential: z
      .boolean()
      .default(false)
      .describe(
        'Whether NVIDIA’s confidential computing has to be on in it; it has to be off where this is false.',
      ),
    allow: z
      .enum(['host-reset'])
      .optional()
      .describe(
        'A card that is known not to survive its reset between guests is passed through all the same, after which its host may have to be rebooted.',
      ),
  },
  'Pass-through: a whole GPU given to one guest, by Xen’s pciback or by VFIO under KVM.',
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
        next: 'switch VT-d or AMD-Vi on in the firmware; Xen needs no parameter then, Linux intel_iommu=on on Intel',
      },
      {
        told: 'Looks like pciback driver not loaded',
        next: 'modprobe xen-pciback, as root on the host',
      },
      {
        told: 'passthrough not yet supported for x86 PVH guests',
        next: 'make it an HVM or a PV guest: type="hvm" in its xl.cfg',
      },
      {
        told: 'others of its IOMMU group are not held by vfio-pci',
        next: 'name them in `with`: vgpubench doctor tells which there are',
      },
      {
        told: 'timed out waiting for DM to remove; it does not let go of it',
        next: 'nothing: the guest is shut down and started again then; leave out plug: running where that happens often',
      },
      {
        told: 'not ready 65535ms after FLR; giving up',
        next: 'it did not come back from its reset: reboot the host; try another `reset` of those in its reset_method',
      },
      {
        told: 'it is known not to survive its reset between guests',
        next: 'pass a virtual function through; or say allow: host-reset, where its host may be rebooted',
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
