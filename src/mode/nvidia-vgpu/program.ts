import type { HostDevice } from '../../power/power.ts';
import { gpuOf } from '../gpu.ts';
import { hostOf } from '../host.ts';
import { hasAlready, restartLent, startLent } from '../lent.ts';
import type { Change, Mode, Site } from '../mode.ts';
import { namedIn, readyFor } from './devices.ts';
import { findingsOf, readEvidence } from './evidence.ts';
import { examineNvidiaVgpu } from './examine.ts';
import type { NvidiaVgpuSpec } from './kind.ts';

/** A guest that is started with a virtual GPU, which is created before and removed once the guest is off. */
export function nvidiaVgpuMode(name: string, spec: NvidiaVgpuSpec): Mode {
  const named = namedIn(spec);
  /** The virtual GPU of each guest, by its domain. */
  const all = new Map<string, HostDevice>();
  async function wake(site: Site, taken: Map<string, number>): Promise<Change[]> {
    if (named !== undefined && (await hasAlready(site, [named]))) {
      all.set(site.domain, named);
      return [];
    }
    const { device, changes } = await readyFor(site, spec, taken);
    all.set(site.domain, device);
    return startLent(site, [device], changes);
  }
  const madeFor = ({ domain }: Site): HostDevice => all.get(domain) ?? named ?? { mdev: '' };
  return {
    name,
    restarts: true,
    wake: async (sites) => {
      const taken = new Map<string, number>();
      const changes: Change[] = [];
      for (const site of sites) changes.push(...(await wake(site, taken)));
      return changes;
    },
    revive: (sites) => Promise.resolve(sites.flatMap((site) => restartLent(site, [madeFor(site)]))),
    prepare: () => Promise.resolve([]),
    examine: (site) => examineNvidiaVgpu(name, spec, site),
    attest: async (site) => {
      const made = madeFor(site);
      return findingsOf(site, spec, made, await readEvidence(site, spec, made));
    },
    gpu: (site) => gpuOf(hostOf(site), spec.device),
    counters: () => Promise.resolve({}),
    wrap: (command) => command,
    environment: {},
  };
}
