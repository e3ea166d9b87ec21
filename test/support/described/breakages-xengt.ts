/** How a set-up of XenGT is broken. */
import { type Breakage, recreate } from './breakage.ts';
import { onAny, onDrivers } from './breakages-any.ts';
import type { XengtSetUp } from './set-up.ts';

export const onXengt: Breakage<XengtSetUp>[] = [
  ...onAny,
  ...onDrivers,
  {
    name: 'a dom0 that was booted without vGT',
    breaks: ({ xengt, xen: { host } }) => {
      xengt.faults = { byParameter: true };
      host.reboot();
      return { target: 'dom0', found: /vGT is enabled: no \/sys\/kernel\/vgt\/control/ };
    },
  },
  {
    name: 'a vGT that switches no contexts',
    breaks: ({ xengt, xen: { host } }) => {
      xengt.faults = { noSwitch: true };
      host.reboot();
      return { target: 'dom0', found: /switches contexts: VGT context switch: disabled/ };
    },
  },
  {
    name: 'a debugfs that is not mounted',
    breaks: ({ xengt, xen: { host } }) => {
      xengt.faults = { noDebugfs: true };
      host.reboot();
      return { target: 'dom0', found: /counters can be read: no \/sys\/kernel\/debug\/vgt/ };
    },
  },
  {
    name: 'too little left for an instance',
    breaks: ({ xen: { host } }, draw) => {
      host.end('guest5');
      // Haswell's resources for guests: 416 MiB that their CPUs reach, 1152 MiB that they don’t, 28 fences.
      const taken = draw([{ vgt_low_gm_sz: '352' }, { vgt_high_gm_sz: '1024' }, { vgt_fence_sz: '26' }]);
      host.create('guest5', new Map(Object.entries({ vgt: '1', ...taken })));
      return { target: 'dom0', found: /vGT has \d+(MiB)? of [a-z-]+ left for guest4: \d/ };
    },
  },
  {
    name: 'an instance of the guest’s own, of another size',
    breaks: (setUp, draw) => {
      setUp.xen.host.configure('guest4', { vgt: '1', vgt_low_gm_sz: draw(['64', '256']) });
      recreate(setUp, 'guest4');
      return { target: 'dom0', found: /its instance has an aperture of 128 MiB.*: aperture_sz 0/ };
    },
  },
  {
    name: 'a device model that knows no vGT',
    breaks: (setUp) => {
      setUp.xen.host.configure('guest4', { device_model_version: '"qemu-xen-traditional"' });
      recreate(setUp, 'guest4');
      return { target: 'dom0', found: /its device model is qemu-xen: qemu-xen-traditional/ };
    },
  },
  {
    name: 'a guest without a device model',
    breaks: (setUp, draw) => {
      setUp.xen.host.configure('guest4', { type: draw(['"pv"', '"pvh"']) });
      recreate(setUp, 'guest4');
      return { target: 'dom0', found: /guest4 is an HVM guest: its type is pvh?/ };
    },
  },
];
