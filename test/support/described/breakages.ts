/** How set-ups are broken: of each way, what doctor has to name. What heals it, doctor says, and nobody here. */
import { chmodSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { PLAIN_USER } from './machine.ts';
import { AUDIO, GPU } from './pci-gpu.ts';
import type { PassthroughSetUp, PvdrmSetUp, SetUp, XengtSetUp } from './set-up.ts';

/** One of several, by chance. */
export type Draw = <T>(from: readonly T[]) => T;

/** What doctor has to say of it. */
export interface Named {
  target: string;
  found: RegExp;
  /** What its remedy sets a key to, where only the experiment file’s author knows. */
  known?: string;
}

export interface Breakage<S extends SetUp = SetUp> {
  name: string;
  breaks: (setUp: S, draw: Draw) => Named | Promise<Named>;
}

const TOOLS = ['xl', 'xenstore-read', 'xenstore-write', 'xenstore-chmod', 'xenstore-rm'];

/** A guest is created anew, as its xl.cfg says now. */
function recreate({ xen: { host } }: SetUp, guest: string): void {
  host.end(guest);
  host.create(guest, new Map());
}

/** Of a GPU whose driver dom0 has chosen. */
const onDrivers: Breakage[] = [
  {
    name: 'a GPU that no driver has',
    breaks: (setUp) => {
      setUp.os.unbind(setUp.xen.host.dom0);
      return { target: 'dom0', found: /drives \/dev\/dri\/card0: 0000:0.* is bound to none/ };
    },
  },
  {
    name: 'a GPU that another driver has',
    breaks: ({ xen: { host } }, draw) => {
      const { gpuIs } = host.dom0;
      const driver = draw(['nvidia', 'xen-pciback']);
      if (gpuIs !== undefined) host.dom0.gpu(gpuIs.address, gpuIs.ids, driver);
      return { target: 'dom0', found: new RegExp(`drives /dev/dri/card0: 0000:0.* is bound to ${driver}`) };
    },
  },
];

const onAny: Breakage[] = [
  {
    name: 'a baseline that is no longer told of its hypervisor',
    breaks: (setUp) => {
      setUp.set('modes.native.hypervisor', 'none');
      return { target: 'dom0', found: /no hypervisor below.*xen/ };
    },
  },
  {
    name: 'an xl that is newer than the Xen that runs',
    breaks: ({ xen: { host } }) => {
      host.xlFails = 'libxl: error: getting domain info list: Permission denied';
      return { target: 'dom0', found: /toolstack answers: xl list fails: .*Permission denied/ };
    },
  },
  {
    name: 'an xl.cfg that is not where the experiment says',
    breaks: (setUp, draw) => {
      const guest = draw(setUp.guests);
      setUp.set(`targets.${guest}.power.config`, `/etc/xen/${draw(['auto', 'guests'])}/${guest}.cfg`);
      return { target: 'dom0', found: /\.cfg is that of guest\d: no such file/ };
    },
  },
  {
    name: 'an xl.cfg of another guest',
    breaks: (setUp, draw) => {
      const guest = draw(setUp.guests);
      const others = setUp.xen.host.guests.map(({ name }) => name).filter((name) => name !== guest);
      setUp.set(`targets.${guest}.power.config`, `/etc/xen/${draw(others)}.cfg`);
      return { target: 'dom0', found: /\.cfg is that of guest\d: it names guest\d/ };
    },
  },
  {
    name: 'a guest that its host calls something else',
    breaks: (setUp, draw) => {
      const guest = draw(setUp.guests);
      setUp.set(`targets.${guest}.domain`, `${guest}-vm`);
      return { target: 'dom0', found: new RegExp(`is that of ${guest}-vm: it names ${guest}`) };
    },
  },
  {
    name: 'an address in the experiment where nobody answers',
    breaks: (setUp, draw) => {
      const target = draw(['dom0', ...setUp.guests]);
      setUp.set(`targets.${target}.ssh`, '127.0.0.1:1');
      return { target, found: /refused/, known: target };
    },
  },
  {
    name: 'a host that is logged into by somebody else than root',
    breaks: (setUp) => {
      setUp.set('targets.dom0.ssh', `${PLAIN_USER}@dom0`);
      return { target: 'dom0', found: /it is root who logs in: user 4242/, known: 'root@dom0' };
    },
  },
  {
    name: 'a workload that may not be run',
    breaks: (setUp, draw) => {
      const guest = draw(setUp.guests);
      const machine = setUp.xen.host.guests.find(({ name }) => name === guest);
      chmodSync(join(machine?.directory ?? '', 'opt/bench/mmul'), 0o644);
      return { target: guest, found: /\/opt\/bench\/mmul may not be run/ };
    },
  },
  {
    name: 'a command of a custom mode that may not be run',
    breaks: ({ xen: { host } }) => {
      chmodSync(join(host.dom0.directory, 'opt/bench/mark'), 0o644);
      return { target: 'dom0', found: /\/opt\/bench\/mark may not be run/ };
    },
  },
];

const onPvdrm: Breakage<PvdrmSetUp>[] = [
  ...onAny,
  ...onDrivers,
  {
    name: 'a guest that is logged into by somebody else than root',
    breaks: (setUp, draw) => {
      const guest = draw(setUp.guests);
      setUp.set(`targets.${guest}.ssh`, `${PLAIN_USER}@${guest}`);
      return { target: guest, found: /it is root who logs in: user 4242/, known: `root@${guest}` };
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
      return { target: 'dom0', found: new RegExp(`free to serve ${guest} .*it serves it already: vdrm-`) };
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

const onXengt: Breakage<XengtSetUp>[] = [
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
      // What Haswell has for guests: 416 MiB that their CPUs reach, 1152 MiB that they don’t, 28 fences.
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

const onPassthrough: Breakage<PassthroughSetUp>[] = [
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
      return { target: 'dom0', found: /guest6 is of a type that can be given a device: pvh/ };
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

/** Every way, with the set-up that it breaks. */
export function breakagesOf(pvdrm: PvdrmSetUp, xengt: XengtSetUp, passthrough: PassthroughSetUp) {
  const of = <S extends SetUp>(setUp: S, system: string, list: readonly Breakage<S>[]) =>
    list.map(({ name, breaks }) => ({
      name: `${name}, with ${system}`,
      setUp: setUp,
      breaks: (draw: Draw) => breaks(setUp, draw),
    }));
  return [
    ...of(pvdrm, 'PVDRM', onPvdrm),
    ...of(xengt, 'XenGT', onXengt),
    ...of(passthrough, 'pass-through', onPassthrough),
  ];
}
