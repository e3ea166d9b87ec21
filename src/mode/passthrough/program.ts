import { gpuOf } from '../gpu.ts';
import { hostOf } from '../host.ts';
import { attachLent, hasAlready, reattachLent, restartLent, startLent } from '../lent.ts';
import type { Change, Mode, Site } from '../mode.ts';
import { devicesOf, provision, readBefore } from './devices.ts';
import { findingsOf, readEvidence } from './evidence.ts';
import { examinePassthrough } from './examine.ts';
import type { PassthroughSpec } from './kind.ts';

/** A guest that is started with the whole GPU, and without it when the mode is left. */
export function passthroughMode(name: string, spec: PassthroughSpec): Mode {
  /** The end of the host’s log before, by its guest’s domain. */
  const logEnds = new Map<string, string>();
  const devices = devicesOf(spec);
  const [enter, again] = spec.plug === 'start' ? [startLent, restartLent] : [attachLent, reattachLent];
  async function wake(site: Site): Promise<Change[]> {
    const before = await readBefore(hostOf(site), spec);
    logEnds.set(site.domain, before.logEnd);
    if (await hasAlready(site, devices)) return [];
    return enter(site, devices, provision(site, spec, before));
  }
  return {
    name,
    restarts: true,
    wake: async (sites) => (await Promise.all(sites.map(wake))).flat(),
    revive: (sites) => Promise.resolve(sites.flatMap((site) => again(site, devices))),
    prepare: (site) => Promise.resolve(spec.plug === 'running' ? [awaitDriver(site, spec)] : []),
    examine: (site) => examinePassthrough(name, spec, site),
    attest: async (site) =>
      findingsOf(site, spec, await readEvidence(site, spec, logEnds.get(site.domain) ?? '-1')),
    gpu: (site) => gpuOf(hostOf(site), spec.device),
    counters: () => Promise.resolve({}),
    wrap: (command) => command,
    environment: {},
  };
}

/** The longest time from a device’s arrival in a guest until a driver has it, in s. */
const DRIVEN_S = 30;

/** For a device that arrived while the guest runs; evidence shows the result. */
function awaitDriver({ guest }: Site, { driver = '*' }: PassthroughSpec): Change {
  const bound = `for vgb_d in /sys/bus/pci/devices/*/driver; do case $(cat "\${vgb_d%/driver}/class" 2>/dev/null) in 0x03* | 0x12*) case $(readlink "$vgb_d") in */${driver}) vgb_r=yes ;; esac ;; esac; done`;
  return {
    target: guest.name,
    script: `vgb_i=0 vgb_r=
while ${bound}; [ -z "$vgb_r" ] && [ $vgb_i -lt ${DRIVEN_S} ]; do vgb_i=$((vgb_i + 1)); sleep 1; done
:`,
    undo: undefined,
  };
}
