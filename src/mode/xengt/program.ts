import { StayCounters } from '../counters.ts';
import { gpuOf } from '../gpu.ts';
import { hostOf } from '../host.ts';
import type { Change, Counters, Finding, Mode, Site } from '../mode.ts';
import { powerAt, powerCycle } from '../powered.ts';
import { quote } from '../../words/quote.ts';
import { countersOf, findingsOf, readEvidence } from './evidence.ts';
import { examineXengt } from './examine.ts';
import { MIB, type XengtSpec } from './kind.ts';

/** A guest with a vGT instance, which it gets when it is created, and keeps until it is destroyed. */
export function xengtMode(name: string, spec: XengtSpec): Mode {
  const counted = new StayCounters();
  return {
    name,
    restarts: true,
    wake: async (sites) => (await Promise.all(sites.map((site) => startMediated(site, spec)))).flat(),
    revive: (sites) =>
      Promise.resolve(sites.flatMap((site) => powerCycle(site, powerAt(site).shutdown, start(site, spec)))),
    prepare: (site) => {
      counted.begin(site.domain);
      return Promise.resolve([]);
    },
    examine: (site) => examineXengt(name, spec, site),
    attest: async (site) => {
      const evidence = await readEvidence(site);
      const findings = findingsOf(site, spec, evidence);
      const grown = counted.read(site.domain, countersOf(evidence.host));
      return grown === undefined ? findings : [...findings, served(site, grown)];
    },
    gpu: (site) => gpuOf(hostOf(site), '/dev/dri/card0'),
    counters: (site) => Promise.resolve(counted.of(site.domain)),
    wrap: (command) => command,
    environment: {},
  };
}

/** Observed by effect: a guest that renders on its CPU causes no crossings. */
function served({ domain, ...site }: Site, counted: Counters): Finding {
  const commands = counted['total_cmds'] ?? 0;
  return {
    target: hostOf({ domain, ...site }).name,
    claim: `vGT saw commands of ${domain} during its trials`,
    ok: commands > 0,
    evidence: `total_cmds grew by ${commands}`,
  };
}

/** How to create it with an instance; as configured, if its power does not allow additions. */
function start(site: Site, { aperture, 'graphics-memory': memory, fences }: XengtSpec): string {
  const power = powerAt(site);
  return (
    power.startWith?.([
      'vgt=1',
      `vgt_low_gm_sz=${aperture / MIB}`,
      `vgt_high_gm_sz=${memory / MIB}`,
      `vgt_fence_sz=${fences}`,
    ]) ?? power.start
  );
}

/** One that already has the instance, by its own configuration, is used as it is. */
async function startMediated(site: Site, spec: XengtSpec): Promise<Change[]> {
  const host = hostOf(site);
  const power = powerAt(site);
  const { stdout } = await host.run(`${power.running} && echo on
cat /sys/kernel/vgt/vm$(xl domid ${quote(site.domain)} 2>/dev/null)/aperture_sz 2>/dev/null && echo mediated
:`);
  const words = stdout.split('\n');
  if (words.includes('on') && words.includes('mediated')) return [];
  const back = words.includes('on') ? `( ${power.shutdown}\n) && ( ${power.start}\n)` : power.shutdown;
  const of = site.guest.name;
  return [
    {
      target: host.name,
      script: power.shutdown,
      undo: { target: host.name, script: back },
      power: { of, action: 'stop' },
    },
    { target: host.name, script: start(site, spec), undo: undefined, power: { of, action: 'start' } },
  ];
}
