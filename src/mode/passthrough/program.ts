import { gpuOf } from '../gpu.ts';
import { hostOf } from '../host.ts';
import { hasAlready, restartLent, startLent } from '../lent.ts';
import type { Change, Mode, Site } from '../mode.ts';
import { devicesOf, provision, readBefore } from './devices.ts';
import { findingsOf, readEvidence } from './evidence.ts';
import { examinePassthrough } from './examine.ts';
import type { PassthroughSpec } from './kind.ts';

/** A guest that is started with the whole GPU, and without it when the mode is left. */
export function passthroughMode(name: string, spec: PassthroughSpec): Mode {
  /** Where the host’s log ended before, by its guest’s domain. */
  const logEnds = new Map<string, string>();
  const devices = devicesOf(spec);
  async function wake(site: Site): Promise<Change[]> {
    const before = await readBefore(hostOf(site), spec);
    logEnds.set(site.domain, before.logEnd);
    if (await hasAlready(site, devices)) return [];
    return startLent(site, devices, provision(site, spec, before));
  }
  return {
    name,
    restarts: true,
    wake: async (sites) => (await Promise.all(sites.map(wake))).flat(),
    revive: (sites) => Promise.resolve(sites.flatMap((site) => restartLent(site, devices))),
    prepare: () => Promise.resolve([]),
    examine: (site) => examinePassthrough(name, spec, site),
    attest: async (site) =>
      findingsOf(site, spec, await readEvidence(site, spec, logEnds.get(site.domain) ?? '-1')),
    gpu: (site) => gpuOf(hostOf(site), spec.device),
    counters: () => Promise.resolve({}),
    wrap: (command) => command,
    environment: {},
  };
}
