import { notRoot } from '../../power/xen.ts';
import { type Examined, amiss, fine } from '../../words/examined.ts';
import { gpuOf } from '../gpu.ts';
import { hostOf } from '../host.ts';
import type { Mode, Site } from '../mode.ts';
import { powerCycle, startWhereOff } from '../powered.ts';
import { claimsOf, environmentOf, fencesMove, fencesOf, readEvidence } from './evidence.ts';
import type { VirtioGpuSpec } from './kind.ts';

/** A guest whose own configuration has a virtio-gpu: it is started if it is off, and attested from both sides. */
export function virtioGpuMode(name: string, spec: VirtioGpuSpec): Mode {
  /** Fences signalled for each guest, by its domain: before its trials, and since then. */
  const signalled = new Map<string, { from: number; more: number }>();
  return {
    name,
    restarts: true,
    wake: async (sites) => (await Promise.all(sites.map(startWhereOff))).flat(),
    revive: (sites) => Promise.resolve(sites.flatMap((site) => powerCycle(site))),
    prepare: (site) => {
      signalled.delete(site.domain);
      return Promise.resolve([]);
    },
    examine: (site, isOn) => (isOn ? examine(site, spec) : Promise.resolve([])),
    attest: async (site) => {
      const evidence = await readEvidence(site, spec);
      const { first, last } = fencesOf(evidence.guest);
      const findings = claimsOf(site, spec, evidence).map(({ target, claim, ok, evidence: found }) => ({
        ...{ target, claim, ok },
        evidence: found,
      }));
      const counted = signalled.get(site.domain);
      if (counted === undefined) {
        signalled.set(site.domain, { from: last, more: 0 });
        return findings;
      }
      counted.more = first - counted.from;
      // Venus’s commands use rings of their own, which may bypass the kernel.
      if (spec.variant === 'venus') return findings;
      const claim = 'the host has signalled more of its fences after its trials';
      return [
        ...findings,
        {
          ...{ target: site.guest.name, claim },
          ok: counted.more > 0,
          evidence: `${counted.more} more`,
        },
      ];
    },
    attestDuring: async (site) => [await fencesMove(site)],
    gpu: (site) => gpuOf(hostOf(site), spec.device),
    counters: ({ domain }) => {
      const { more = 0 } = signalled.get(domain) ?? {};
      return Promise.resolve(more > 0 ? { fences: more } : {});
    },
    wrap: (command) => command,
    environment: environmentOf(spec),
  };
}

/** If its guest is on, everything can be checked beforehand. @throws LinkLost */
async function examine(site: Site, spec: VirtioGpuSpec): Promise<Examined[]> {
  const evidence = await readEvidence(site, spec);
  const uid = evidence.guest.get('uid');
  const { name } = site.guest;
  if (uid !== '0') return [{ target: name, ...notRoot(uid, name) }];
  return claimsOf(site, spec, evidence).map(({ target, claim, ok, evidence: found, how, remedy }) => ({
    target,
    ...(ok ? fine(claim, found) : amiss(claim, found, how, remedy)),
  }));
}
