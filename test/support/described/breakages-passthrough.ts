/** How a set-up of pass-through is broken. */
import { type Breakage, recreate } from './breakage.ts';
import { onAny } from './breakages-any.ts';
import { AUDIO, GPU } from './pci-functions.ts';
import type { PassthroughSetUp } from './set-up.ts';

export const onPassthrough: Breakage<PassthroughSetUp>[] = [
  ...onAny,
  {
    name: 'a pciback that is not loaded',
    breaks: ({ gpu, xen: { host } }) => {
      gpu.faults = { noPciback: true };
      host.reboot();
      return { target: 'dom0', found: /dom0 has pciback: no \/sys\/bus\/pci\/drivers\/pciback/ };
    },
  },
  {
    name: 'a guest of a type that gets no device',
    breaks: (setUp) => {
      setUp.xen.host.configure('guest6', { type: '"pvh"' });
      recreate(setUp, 'guest6');
      return { target: 'dom0', found: /guest6 is of a type that supports pass-through: pvh/ };
    },
  },
  {
    name: 'the address of something else',
    breaks: (setUp, draw) => {
      setUp.set('modes.passthrough.device', `'${draw([AUDIO, '0000:99:00.0'])}'`);
      return { target: 'dom0', found: /is a GPU: (class 0x040300|no such PCI device)/, known: `'${GPU}'` };
    },
  },
  {
    name: 'a way to reset it that it has not',
    breaks: (setUp) => {
      setUp.set('modes.passthrough.reset', 'acpi');
      return { target: 'dom0', found: /it can be reset by acpi: reset_method has flr bus/ };
    },
  },
];
