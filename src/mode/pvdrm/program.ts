import { gpuOf } from '../gpu.ts';
import { hostOf } from '../host.ts';
import type { Counters, Mode } from '../mode.ts';
import { powerAt, powerCycle, startWhereOff } from '../powered.ts';
import { BACK, attach, detach, end, loadBack, unloadBack } from './dom0.ts';
import { findingsOf, readEvidence } from './evidence.ts';
import { examinePvdrm } from './examine.ts';
import type { PvdrmSpec } from './kind.ts';
import { Log } from './log.ts';

/** The logs of both sides over a stay, and where counting began in each. */
interface Stay {
  logs: Log[];
  from: (string | undefined)[] | undefined;
}

/**
 * A guest that is served nouveau's interface. Its front-end can't be unloaded, and keeps its options as long
 * as it is loaded: so it is loaded when the mode is entered, into a freshly booted guest, and left by
 * restarting the guest.
 */
export function pvdrmMode(name: string, spec: PvdrmSpec): Mode {
  const stays = new Map<string, Stay>();
  /** Guests that were off before this visit, by their domains. */
  const wereOff = new Set<string>();
  return {
    name,
    restarts: true,
    wake: async (sites) => {
      const starts = await Promise.all(sites.map(startWhereOff));
      for (const [at, { domain }] of sites.entries()) if ((starts[at] ?? []).length > 0) wereOff.add(domain);
      return starts.flat();
    },
    polls: true,
    revive: (sites) =>
      Promise.resolve(sites.flatMap((site) => powerCycle(site, end(site.domain, powerAt(site), spec.allow)))),
    prepare: async (site) => {
      const host = hostOf(site);
      const power = powerAt(site);
      const { stdout } = await host.run(`cat ${BACK}/parameters/sequential 2>/dev/null || :`);
      const stay: Stay = { logs: [new Log(host), new Log(site.guest)], from: undefined };
      stays.set(site.domain, stay);
      return [
        {
          target: host.name,
          script: loadBack(spec.sequential),
          undo: { target: host.name, script: unloadBack(stdout.trim()) },
        },
        {
          target: host.name,
          script: ':',
          undo: {
            target: host.name,
            script: detach(site.domain, power, spec.allow, !wereOff.has(site.domain)),
          },
        },
        { target: site.guest.name, script: loadFront(spec.cache), undo: undefined },
        { target: host.name, script: attach(site.domain, spec), undo: undefined },
        ...stay.logs.map((log) => log.follow()),
      ];
    },
    examine: (site, isOn) => examinePvdrm(name, spec, site, isOn),
    attest: async (site) => {
      const findings = findingsOf(site, spec, await readEvidence(site, spec));
      const stay = stays.get(site.domain);
      if (stay !== undefined) stay.from ??= await Promise.all(stay.logs.map((log) => log.mark()));
      return findings;
    },
    gpu: (site) => gpuOf(hostOf(site), spec.device),
    counters: (site) => counted(stays.get(site.domain)),
    wrap: (command) => command,
    environment: {},
  };
}

/** If it is already loaded, it has the options of whoever loaded it. */
function loadFront(cache: boolean): string {
  return `[ ! -d /sys/module/pvdrm_front ] || { echo "pvdrm-front is already loaded, but the mode has to load it with its options" >&2; exit 1; }
modprobe pvdrm-front cache=${cache ? 1 : 0}`;
}

async function counted(stay: Stay | undefined): Promise<Counters> {
  if (stay === undefined) return {};
  const { logs, from = [] } = stay;
  const sides = await Promise.all(
    logs.map(async (log, side): Promise<Counters> => {
      const begun = from[side];
      const to = begun === undefined ? undefined : await log.mark();
      return begun === undefined || to === undefined ? {} : log.between(begun, to);
    }),
  );
  const all: Counters = {};
  for (const side of sides)
    for (const [kind, count] of Object.entries(side)) all[kind] = (all[kind] ?? 0) + count;
  return all;
}
