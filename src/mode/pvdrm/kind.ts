import { z } from 'zod';
import { POLLED_REQUEST } from '../hardware-costs.ts';
import { SAME_GPU, modeKind, modeSchema } from '../kind.ts';

const schema = modeSchema(
  'pvdrm',
  {
    device: z
      .string()
      .regex(/^\/dev\/dri\/[A-Za-z0-9]+$/, { error: 'expected a DRM device node, such as /dev/dri/card0' })
      .default('/dev/dri/card0')
      .describe('The GPU’s device node on the guest’s host, where nouveau drives it.'),
    cache: z
      .boolean()
      .default(false)
      .describe(
        'The front-end pools freed GEM objects. Fixed when it is loaded, so the guest is restarted to change it.',
      ),
    sequential: z
      .boolean()
      .default(true)
      .describe('The back-end’s thread serves each request itself; otherwise an ordered queue does.'),
    allow: z
      .enum(['host-reset'])
      .optional()
      .describe(
        'Destroys a guest even if its back-end can’t be stopped, which can crash its host; by default the guest is left running, and its mode is given up.',
      ),
  },
  'PVDRM: nouveau’s DRM interface, provided to guests of Xen by a back-end in dom0 (CPFL/pvdrm).',
);

export type PvdrmSpec = z.output<typeof schema>;

export const pvdrm = modeKind({
  use: 'pvdrm',
  schema,
  facts: {
    boundary: 'DRM',
    ownsGpu: false,
    mostGuests: Infinity,
    attestedUnentered: false,
    definition: 1,
    onHardware: false,
    countingSlows: true,
    provenance: null,
  },
  about: {
    attested: [
      'front-end and back-end are connected (state 4 of both in xenstore, and counter-ref)',
      'the back-end serves this guest: it is bound to its device, for the node in `device`, and its main loop has started and not ended',
      '`cache` and `sequential` match the parameters of the loaded modules',
      'the guest’s card is bound to pvdrm-front, the guest has no NVIDIA device of its own, and Xen translates its memory',
      'nouveau drives the GPU on the host',
      SAME_GPU,
    ],
    fails: [
      {
        told: 'its memory is not translated: a PV guest',
        next: 'make it an HVM or PVH guest: in a PV guest, faults on VRAM silently map nothing',
      },
      {
        told: 'pvdrm-front is already loaded',
        next: 'prevent it from being loaded at boot (echo blacklist pvdrm-front >/etc/modprobe.d/pvdrm.conf): the mode loads it with its options',
      },
      {
        told: 'pvdrm-back is in use with another `sequential`',
        next: 'detach the guest that uses it (xenstore-write /local/domain/N/device/vdrm/0/state 6, then reboot it), or leave `sequential` as it is',
      },
      {
        told: 'the back-end did not reach state 4',
        next: 'see dmesg on the host: causes are a kernel or Xen that pvdrm-back was not built for, or a full grant table',
      },
      {
        told: 'the back-end does not stop serving',
        next: 'reboot the host at a convenient time; destroying the guest before that can crash the host, and is only done with allow: host-reset in the mode',
      },
    ],
    example: {
      targets: {
        dom0: { ssh: 'xen-host' },
        guest1: { ssh: 'guest1', host: 'dom0', power: { use: 'xl', config: '/etc/xen/guest1.cfg' } },
      },
      modes: {
        native: { use: 'native', on: 'dom0', driver: 'nouveau', hypervisor: 'allowed' },
        pvdrm: { use: 'pvdrm', on: 'guest1', device: '/dev/dri/card0', cache: false, sequential: true },
      },
    },
  },
  sleeps: () => true,
  options: {
    device: { costs: 'module', shapesFigures: true },
    cache: { costs: 'guest boot', shapesFigures: true, actsByCrossings: true },
    sequential: { costs: 'module', shapesFigures: true },
    allow: { costs: 'nothing', shapesFigures: false },
  },
  needsHost: () => 'is served by the guest’s host',
  needsPower: () => 'restarts its guest when it is left',
  needs: () => [
    ...['xl', 'xenstore-read', 'xenstore-write', 'xenstore-chmod', 'xenstore-rm', 'modprobe'].map(
      (program) => ({
        at: 'host' as const,
        program,
      }),
    ),
    { at: 'guest', program: 'modprobe' },
  ],
  contradictions: () => [],
  hardwareCosts: POLLED_REQUEST,
  program: async () => (await import('./program.ts')).pvdrmMode,
});
