import { z } from 'zod';
import { SAME_GPU, modeKind, modeSchema } from '../kind.ts';
import { pciAddress } from '../sysfs.ts';

/** The program that tells what an API runs on. */
const TELLERS = { gl: 'eglinfo', vulkan: 'vulkaninfo', opencl: 'clinfo' } as const;

export type Api = keyof typeof TELLERS;

const schema = modeSchema(
  'virtio-gpu',
  {
    variant: z
      .enum(['virgl', 'venus', 'native-context'])
      .describe(
        'What crosses, which its device has to be made for: OpenGL as virgl’s commands, Vulkan as venus’s, or what the guest’s own Mesa asks of the kernel, as a DRM native context.',
      ),
    api: z
      .enum(['gl', 'vulkan', 'opencl'])
      .optional()
      .describe(
        'The API that its workloads use: the device that eglinfo, vulkaninfo or clinfo shows of it must not be the guest’s CPU. By default vulkan for venus, else gl.',
      ),
    device: pciAddress
      .optional()
      .describe('The GPU’s PCI address on the guest’s host; by default its only one.'),
  },
  'virtio-gpu under QEMU: the guest’s Mesa forwards what it renders and computes to virglrenderer on its host.',
);

export type VirtioGpuSpec = z.output<typeof schema>;

export function apiOf({ api, variant }: VirtioGpuSpec): Api {
  return api ?? (variant === 'venus' ? 'vulkan' : 'gl');
}

export const tellerOf = (spec: VirtioGpuSpec): string => TELLERS[apiOf(spec)];

export const virtioGpu = modeKind({
  use: 'virtio-gpu',
  schema,
  facts: {
    boundary: 'API or DRM',
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
      'the command line of the guest’s QEMU has a virtio-gpu with GL, with venus=true or drm_native_context=on where the variant takes that',
      'the guest’s virtio_gpu drives it, and has the features and the capability set of the variant',
      'what the guest’s OpenGL, Vulkan or OpenCL shows is the variant’s device, and not llvmpipe, lavapipe or softpipe',
      'the host signals the guest’s fences while a trial runs, and (virgl, native-context) has signalled more of them after the trials',
      SAME_GPU,
    ],
    fails: [
      {
        told: 'llvmpipe',
        next: 'see that the guest’s Mesa has the driver (virgl, virtio’s Vulkan) and its user may open /dev/dri/renderD128',
      },
      {
        told: 'cap set 4 is there, but empty',
        next: 'install virglrenderer’s render server on the host: without it venus is advertised, and nothing is behind it',
      },
      {
        told: 'not signalled for 10 s',
        next: 'look at the host’s QEMU or VMM: one that does not retire fences is busy for ever, which looks like a slow compilation',
      },
    ],
    example: {
      targets: {
        host: { ssh: 'gpu-host' },
        guest1: { ssh: 'guest1', host: 'host', power: { use: 'virsh' } },
      },
      modes: {
        native: { use: 'native', on: 'host', device: '/dev/dri/card0' },
        venus: { use: 'virtio-gpu', on: 'guest1', variant: 'venus' },
      },
    },
  },
  sleeps: () => true,
  options: {
    variant: { costs: 'guest boot', shapesFigures: true },
    api: { costs: 'nothing', shapesFigures: false },
    device: { costs: 'guest boot', shapesFigures: true },
  },
  needsHost: () => 'is served by a QEMU on the guest’s host',
  needsPower: () => 'starts its guest where that is off',
  needs: (spec) => [{ at: 'guest', program: tellerOf(spec) }],
  contradictions: ({ variant, api }) =>
    variant === 'virgl' && api === 'vulkan'
      ? [{ key: ['api'], expected: 'gl or opencl: virgl has no Vulkan', found: api }]
      : [],
  program: async () => (await import('./program.ts')).virtioGpuMode,
});
