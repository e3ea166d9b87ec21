/** How any set-up is broken on Xen. */
import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import type { Breakage } from './breakage.ts';
import { PLAIN_USER } from './machine.ts';

/** For a GPU whose driver dom0 has chosen. */
export const onDrivers: Breakage[] = [
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

export const onAny: Breakage[] = [
  {
    name: 'a baseline that is no longer told of its hypervisor',
    breaks: (setUp) => {
      setUp.set('modes.native.hypervisor', 'none');
      return { target: 'dom0', found: /no hypervisor.*xen/ };
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
      return { target: 'dom0', found: /\.cfg belongs to guest\d: no such file/ };
    },
  },
  {
    name: 'an xl.cfg of another guest',
    breaks: (setUp, draw) => {
      const guest = draw(setUp.guests);
      const others = setUp.xen.host.guests.map(({ name }) => name).filter((name) => name !== guest);
      setUp.set(`targets.${guest}.power.config`, `/etc/xen/${draw(others)}.cfg`);
      return { target: 'dom0', found: /\.cfg belongs to guest\d: it names guest\d/ };
    },
  },
  {
    name: 'a guest that its host calls something else',
    breaks: (setUp, draw) => {
      const guest = draw(setUp.guests);
      setUp.set(`targets.${guest}.domain`, `${guest}-vm`);
      return { target: 'dom0', found: new RegExp(`belongs to ${guest}-vm: it names ${guest}`) };
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
      return { target: 'dom0', found: /the login user is root: user 4242/, known: 'root@dom0' };
    },
  },
  {
    name: 'a workload that may not be run',
    breaks: (setUp, draw) => {
      const guest = draw(setUp.guests);
      const machine = setUp.xen.host.guests.find(({ name }) => name === guest);
      chmodSync(join(machine?.directory ?? '', 'opt/bench/mmul'), 0o644);
      return { target: guest, found: /\/opt\/bench\/mmul is not executable/ };
    },
  },
  {
    name: 'a command of a custom mode that may not be run',
    breaks: ({ xen: { host } }) => {
      chmodSync(join(host.dom0.directory, 'opt/bench/mark'), 0o644);
      return { target: 'dom0', found: /\/opt\/bench\/mark is not executable/ };
    },
  },
];
