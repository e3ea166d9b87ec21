/** How a set-up of PVDRM is broken. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { type Breakage, recreate } from './breakage.ts';
import { onAny, onDrivers } from './breakages-any.ts';
import { PLAIN_USER } from './machine.ts';
import type { PvdrmSetUp } from './set-up.ts';

const TOOLS = ['xl', 'xenstore-read', 'xenstore-write', 'xenstore-chmod', 'xenstore-rm'];

export const onPvdrm: Breakage<PvdrmSetUp>[] = [
  ...onAny,
  ...onDrivers,
  {
    name: 'a guest that is logged into by somebody else than root',
    breaks: (setUp, draw) => {
      const guest = draw(setUp.guests);
      setUp.set(`targets.${guest}.ssh`, `${PLAIN_USER}@${guest}`);
      return { target: guest, found: /the login user is root: user 4242/, known: `root@${guest}` };
    },
  },
  {
    name: 'a tool of Xen’s that is not installed',
    breaks: ({ xen: { host } }, draw) => {
      const tool = draw(TOOLS);
      rmSync(join(host.dom0.directory, 'bin', tool));
      return { target: 'dom0', found: new RegExp(`^no program ${tool} there$`) };
    },
  },
  {
    name: 'a workload’s directory that is not there',
    breaks: (setUp) => {
      setUp.set('workloads.mmul.directory', '/opt/benchmarks');
      return { target: 'dom0', found: /no directory \/opt\/benchmarks/, known: '/opt/bench' };
    },
  },
  {
    name: 'a device node of another GPU',
    breaks: (setUp) => {
      setUp.set('modes.pvdrm.device', '/dev/dri/card1');
      return { target: 'dom0', found: /nouveau drives \/dev\/dri\/card1: / };
    },
  },
  {
    name: 'a module that depmod was not told of',
    breaks: ({ pvdrm, guests }, draw) => {
      const target = draw(['dom0', ...guests]);
      pvdrm.unindexed.add(target);
      return { target, found: /pvdrm-(back|front) can be loaded: modprobe finds no such module/ };
    },
  },
  {
    name: 'a back-end that serves another guest in the other way',
    breaks: async ({ pvdrm }) => {
      await pvdrm.attach('guest3', '0');
      return {
        target: 'dom0',
        found: /free to serve guest\d with sequential=1: it serves vdrm-\d+-0 with sequential=0/,
      };
    },
  },
  {
    name: 'a guest that was attached by hand',
    breaks: async ({ pvdrm, guests }, draw) => {
      const guest = draw(guests);
      await pvdrm.attach(guest, '1');
      return { target: 'dom0', found: new RegExp(`free to serve ${guest} .*it already serves it: vdrm-`) };
    },
  },
  {
    name: 'a front-end that is loaded at boot',
    breaks: (setUp, draw) => {
      const guest = draw(setUp.guests);
      setUp.pvdrm.faults = { atBoot: guest };
      recreate(setUp, guest);
      return { target: guest, found: /pvdrm-front is not loaded yet.*: it is loaded/ };
    },
  },
  {
    name: 'a PV guest',
    breaks: (setUp, draw) => {
      const guest = draw(setUp.guests);
      const old: Record<string, string> = { builder: '"generic"' };
      setUp.xen.host.configure(guest, draw([old, { type: '"pv"' }]));
      recreate(setUp, guest);
      return { target: 'dom0', found: new RegExp(`translates the memory of ${guest}: it is a PV guest`) };
    },
  },
  {
    name: 'Xen’s PV display in the place of PVDRM',
    breaks: (setUp, draw) => {
      const guest = draw(setUp.guests);
      setUp.xen.host.configure(guest, { vdispl: "[ 'backend=0,be-alloc=0,connectors=id0:1920x1080' ]" });
      recreate(setUp, guest);
      return { target: 'dom0', found: new RegExp(`${guest} has no PV display.*: vdispl: Xen’s PV display`) };
    },
  },
  {
    name: 'a guest that has the GPU itself',
    breaks: (setUp, draw) => {
      const guest = draw(setUp.guests);
      setUp.xen.host.configure(guest, { pci: draw(["[ '01:00.0' ]", "[ '0000:01:00.0,permissive=1' ]"]) });
      recreate(setUp, guest);
      return { target: 'dom0', found: new RegExp(`not passed through to ${guest}: pci = `) };
    },
  },
  {
    name: 'a kernel whose symbols are anywhere',
    breaks: (setUp, draw) => {
      const target = draw(['dom0', ...setUp.guests]);
      setUp.os.kaslr.add(target);
      if (target === 'dom0') setUp.xen.host.reboot();
      else recreate(setUp, target);
      return { target, found: /its System\.map says: it is at ffffffffa2600000 \(KASLR\)/ };
    },
  },
];
