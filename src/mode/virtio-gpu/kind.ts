import { z } from 'zod';
import { SAME_GPU, modeKind, modeSchema } from '../kind.ts';
import { pciAddress } from '../sysfs.ts';

/** The program that reports an API’s device. */
const TELLERS = { gl: 'eglinfo', vulkan: 'vulkaninfo', opencl: 'clinfo' } as const;

export type Api = keyof typeof TELLERS;

const schema = modeSchema(
  'virtio-gpu',
  {
    variant: z
      .enum(['virgl', 'venus', 'native-context'])
      .describe(
        'What crosses: OpenGL as virgl’s commands, Vulkan as venus’s commands, or the requests of the guest’s own Mesa driver, in a DRM native context. The guest’s device must support it.',
      ),
    api: z
      .enum(['gl', 'vulkan', 'opencl'])
      .optional()
      .describe(
        'The API that its workloads use: the device that eglinfo, vulkaninfo or clinfo shows for it must not be the guest’s CPU. Default: vulkan for venus, else gl.',
      ),
    device: pciAddress
      .optional()
      .describe('The GPU’s PCI address on the guest’s host. Default: its only GPU.'),
  },
  'virtio-gpu under QEMU: the guest’s Mesa sends rendering and computing commands to virglrenderer on its host.',
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
      'the command line of the guest’s QEMU has a virtio-gpu with GL, with venus=true or drm_native_context=on if the variant requires it',
      'the guest’s virtio_gpu drives it, and has the features and the capability set of the variant',
      'the guest’s OpenGL, Vulkan or OpenCL shows the variant’s device, not llvmpipe, lavapipe or softpipe',
      'the host signals the guest’s fences while a trial runs, and (virgl, native-context) more of them have been signalled after the trials',
      SAME_GPU,
    ],
    fails: [
      {
        told: 'llvmpipe',
        next: 'make sure that the guest’s Mesa has the driver (virgl, or virtio’s Vulkan) and its user may open /dev/dri/renderD128',
      },
      {
        told: 'cap set 4 exists but is empty',
        next: 'install virglrenderer’s render server on the host: without it, venus is advertised but does nothing',
      },
      {
        told: 'not signalled for 10 s',
        next: 'check the host’s QEMU or VMM: if it never signals fences it stays busy for ever, which looks like a slow compilation',
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
