import { z } from 'zod';
import { shortDuration } from '../../words/units.ts';
import { SAME_GPU, modeKind, modeSchema } from '../kind.ts';
import { MDEV_UUID, pciAddress } from '../sysfs.ts';
import { POLICIES } from './scheduler.ts';

const schema = modeSchema(
  'nvidia-vgpu',
  {
    device: pciAddress.describe('The GPU’s PCI address on the guest’s host.'),
    type: z
      .int()
      .min(1)
      .describe(
        'The number of the virtual GPU’s type: 232 for nvidia-232 in mdev_supported_types, or the first column of creatable_vgpu_types.',
      ),
    function: pciAddress
      .optional()
      .describe(
        'The virtual function to use, if the command that starts the guest names it. Default: the first one with room.',
      ),
    uuid: z
      .string()
      .regex(MDEV_UUID, { error: 'expected a UUID in lower case' })
      .optional()
      .describe(
        'The mediated device’s UUID, if the guest’s configuration or the command that starts it names one. Default: a new one for each stay.',
      ),
    scheduler: z
      .enum(POLICIES)
      .optional()
      .describe(
        'How the host’s driver must share the GPU. Attested, not switched, since it is fixed when the driver is loaded.',
      ),
    'time-slice': shortDuration
      .optional()
      .describe(
        'The length of a guest’s turn that is required under equal-share or fixed-share. Attested, not switched.',
      ),
    parameters: z
      .string()
      .regex(/^[A-Za-z0-9_]+=[A-Za-z0-9_.]+(,[A-Za-z0-9_]+=[A-Za-z0-9_.]+)*$/, {
        error: 'expected plugin parameters such as frame_rate_limiter=0,disable_vnc=1',
      })
      .optional()
      .describe('Plugin parameters, written to its vgpu_params, such as frame_rate_limiter=0.'),
  },
  'NVIDIA vGPU: a share of a GPU under KVM, as a mediated device or as an SR-IOV virtual function.',
);

export type NvidiaVgpuSpec = z.output<typeof schema>;

export const nvidiaVgpu = modeKind({
  use: 'nvidia-vgpu',
  schema,
  facts: {
    boundary: 'device',
    ownsGpu: false,
    mostGuests: Infinity,
    attestedUnentered: false,
    definition: 1,
    onHardware: false,
    countingSlows: false,
    provenance: null,
  },
  about: {
    attested: [
      'according to sysfs, the host has a virtual GPU of `type` for this guest, and nvidia drives its GPU',
      'libvirt’s live configuration has it, if libvirt powers the guest',
      'the host’s nvidia-smi shows a virtual GPU of that type for the guest, in use by the guest’s driver',
      '`scheduler` and `time-slice`, if given, match the log of the host’s driver',
      'the guest’s nvidia-smi shows VGPU, not Pass-Through, and the same product as the host',
      SAME_GPU,
    ],
    fails: [
      {
        told: 'it can’t provide a virtual GPU',
        next: 'install NVIDIA’s vGPU host driver; if the GPU has SR-IOV, run /usr/lib/nvidia/sriov-manage -e ADDRESS as root',
      },
      {
        told: 'VGB-MODE-VGPU: no room for one more of the type',
        next: 'use a type with room, which vgpubench doctor lists, or shut a guest down',
      },
      {
        told: 'current_vgpu_type: Operation not permitted',
        next: 'the virtual GPU is still open: shut down what uses it, then vgpubench restore RUN',
      },
      {
        told: 'the guest’s driver does not use it: Guest Driver Version N/A',
        next: 'install the NVIDIA guest driver of the host’s vGPU release, and check that nvidia-smi works in the guest',
      },
      {
        told: 'vgpu-unlicensed',
        next: 'give the guest a licence: NVIDIA’s driver slows down unlicensed guests after a while',
      },
      {
        told: 'vgpu-frame-limit',
        next: 'set parameters: frame_rate_limiter=0 in the mode, if frames are measured',
      },
    ],
    example: {
      targets: {
        host: { ssh: 'vgpu-host' },
        guest1: { ssh: 'guest1', host: 'host', power: { use: 'virsh' } },
      },
      modes: {
        whole: { use: 'nvidia-vgpu', on: 'guest1', device: '0000:41:00.0', type: 234 },
        quarter: { use: 'nvidia-vgpu', on: 'guest1', device: '0000:41:00.0', type: 232 },
      },
    },
  },
  sleeps: () => true,
  options: {
    device: { costs: 'guest boot', shapesFigures: true },
    type: { costs: 'guest boot', shapesFigures: true },
    function: { costs: 'guest boot', shapesFigures: false },
    uuid: { costs: 'guest boot', shapesFigures: false },
    scheduler: { costs: 'machine boot', shapesFigures: true },
    'time-slice': { costs: 'machine boot', shapesFigures: true },
    parameters: { costs: 'guest boot', shapesFigures: true },
  },
  needsHost: () => 'is given its share of the GPU by the guest’s host',
  needsPower: () => 'starts its guest with a virtual GPU',
  needs: () => [
    { at: 'host', program: 'tee' },
    { at: 'host', program: 'nvidia-smi' },
    { at: 'guest', program: 'nvidia-smi' },
  ],
  contradictions: ({ on, uuid, scheduler, function: made, 'time-slice': slice }) => [
    ...Object.entries({ uuid, function: made }).flatMap(([key, found]) =>
      found !== undefined && on.length > 1
        ? [
            {
              key: [key],
              expected: `a mode of one guest, or no ${key}: each guest has one of its own`,
              found,
            },
          ]
        : [],
    ),
    ...(slice !== undefined && (scheduler === undefined || scheduler === 'best-effort')
      ? [
          {
            key: ['time-slice'],
            expected: 'scheduler: equal-share or fixed-share beside it: others have no time slice',
            found: scheduler ?? 'no scheduler',
          },
        ]
      : []),
  ],
  program: async () => (await import('./program.ts')).nvidiaVgpuMode,
});
