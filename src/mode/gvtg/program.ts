import { StayCounters } from '../counters.ts';
import { gpuOf } from '../gpu.ts';
import { hostOf } from '../host.ts';
import { restartLent } from '../lent.ts';
import { assertMediated, startMediated } from '../mdev.ts';
import type { Change, Counters, Finding, Mode, Site } from '../mode.ts';
import { LOG_END } from '../sysfs.ts';
import { type Made, countersOf, findingsOf, readEvidence } from './evidence.ts';
import { examineGvtg } from './examine.ts';
import type { GvtgSpec } from './kind.ts';

/** A guest that is started with a virtual GPU, which is created before, and removed once the guest is off. */
export function gvtgMode(name: string, spec: GvtgSpec): Mode {
  const counted = new StayCounters();
  /** The virtual GPU of each guest, by its domain. */
  const all = new Map<string, Made>();
  const madeFor = ({ domain }: Site): Made => all.get(domain) ?? { uuid: spec.uuid ?? '', logEnd: '-1' };
  async function wake(site: Site): Promise<Change[]> {
    assertMediated(site, spec.uuid);
    const { stdout } = await hostOf(site).run(LOG_END);
    const { device: parent, type, uuid } = spec;
    const started = await startMediated(site, { parent, type, uuid });
    all.set(site.domain, { uuid: started.uuid, logEnd: stdout.trim() });
    return started.changes;
  }
  return {
    name,
    restarts: true,
    wake: async (sites) => (await Promise.all(sites.map(wake))).flat(),
    revive: (sites) =>
      Promise.resolve(sites.flatMap((site) => restartLent(site, [{ mdev: madeFor(site).uuid }]))),
    prepare: (site) => {
      counted.begin(site.domain);
      return Promise.resolve([]);
    },
    examine: (site) => examineGvtg(name, spec, site),
    attest: async (site) => {
      const evidence = await readEvidence(site, spec, madeFor(site));
      const findings = findingsOf(site, spec, evidence);
      const grown = counted.read(site.domain, countersOf(evidence.guest));
      return grown === undefined ? findings : [...findings, used(site, grown)];
    },
    gpu: (site) => gpuOf(hostOf(site), spec.device),
    counters: (site) => Promise.resolve(counted.of(site.domain)),
    wrap: (command) => command,
    environment: {},
  };
}

/** Observed by effect: a guest that renders on its CPU gets no interrupts. */
function used({ guest }: Site, { interrupts = 0 }: Counters): Finding {
  return {
    target: guest.name,
    claim: 'its i915 had interrupts during its trials',
    ok: interrupts > 0,
    evidence: `${interrupts} more`,
  };
}
