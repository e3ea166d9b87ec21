import { quote } from '../../words/quote.ts';
import { hostOf } from '../host.ts';
import { difference } from '../counters.ts';
import type { Facts } from '../facts.ts';
import { type Evidence, type GpuPlace, readEvidence, tryIn } from './evidence.ts';
import type { Change, Counters, Finding, Mode, Site } from '../mode.ts';

/**
 * A boundary of the lab: what dom0 and the guest are asked to do, and what must be observed on both sides.
 */
export interface LabBoundary {
  /** Its name for vgpu-mode. */
  word: string;
  hostOptions: readonly string[];
  guestOptions: readonly string[];
  /** The program in dom0 that serves it, and the settings it must report; none in pass-through. */
  server: { name: string; settings: string } | undefined;
  /** The kinds of crossing that may occur; none in pass-through. */
  crosses: readonly string[];
  /** The address at which the guest reads 32 bits of the GPU, or of what replaces it. */
  probe: readonly GpuPlace[];
  /** What the probe, and dom0's counters of it, prove. `trapped` is what dom0 saw of the probe. */
  probed: (guest: Facts, trapped: Counters) => Claim;
  /**
   * Tried once the trials are over, because it may leave traces: a script for sh in the guest, and its
   * expected result, from the facts that it prints (lines of a name, a tab and a value) and from dom0's
   * counters.
   */
  tried?: { script: string; holds: (guest: Facts, counted: Counters) => Claim };
  /** Both its ends poll. */
  polls?: boolean;
  mostSteal?: number;
  /** Additional evidence required from both sides. */
  further: (evidence: Evidence) => (Claim & { from: 'guest' | 'host' })[];
}

export interface Claim {
  claim: string;
  ok: boolean;
  evidence: string;
}

/** A guest of the lab behind one of its boundaries; paused while other modes are under test. */
export function labGuestMode(name: string, boundary: LabBoundary): Mode {
  const entered = new Map<string, Evidence>();
  const left = new Map<string, Evidence>();
  return {
    name,
    polls: boundary.polls ?? false,
    mostSteal: boundary.mostSteal,
    wake: (sites) => Promise.resolve(wake(sites, boundary)),
    revive: (sites) => Promise.resolve(revive(sites)),
    prepare: (site) => {
      // Starts a stay: its first attestation is the one before its trials, whatever an earlier stay left.
      entered.delete(site.domain);
      left.delete(site.domain);
      return Promise.resolve([enter(site, boundary)]);
    },
    attest: async (site) => {
      const evidence = await readEvidence(site, boundary.probe);
      const before = entered.get(site.domain);
      (before === undefined ? entered : left).set(site.domain, evidence);
      const findings = standing(site, boundary, evidence);
      return before === undefined
        ? findings
        : [
            ...findings,
            ...moved(site, boundary, crossings(before, evidence)),
            ...(await tried(site, boundary, evidence)),
          ];
    },
    counters: (site) => {
      const [before, after] = [entered.get(site.domain), left.get(site.domain)];
      return Promise.resolve(
        before === undefined || after === undefined ? {} : kept(crossings(before, after)),
      );
    },
    wrap: (command) => command,
    environment: {},
  };
}

/** One command per host: it pauses every other guest. */
function wake(sites: readonly Site[], boundary: LabBoundary): Change[] {
  const hosts = new Map<string, string[]>();
  for (const site of sites) {
    const { name } = hostOf(site);
    hosts.set(name, [...(hosts.get(name) ?? []), site.domain]);
  }
  return [...hosts].map(([target, domains]) => ({
    target,
    script: ['vgpu-mode', boundary.word, ...boundary.hostOptions, ...domains].map(quote).join(' '),
    undo: { target, script: 'vgpu-mode none' },
    replaces: true,
  }));
}

/** vgpu-mode creates missing guests. */
function revive(sites: readonly Site[]): Change[] {
  return sites.map((site) => ({
    target: hostOf(site).name,
    script: `xl destroy ${quote(site.domain)} || :`,
    undo: undefined,
    power: { of: site.guest.name, action: 'destroy' },
  }));
}

function enter({ guest }: Site, boundary: LabBoundary): Change {
  return {
    target: guest.name,
    script: ['vgpu-mode', boundary.word, ...boundary.guestOptions].map(quote).join(' '),
    undo: { target: guest.name, script: 'vgpu-mode none' },
  };
}

/** What must hold as long as the mode is entered. */
function standing(site: Site, boundary: LabBoundary, evidence: Evidence): Finding[] {
  const { guest, host } = evidence;
  const dom0 = hostOf(site).name;
  const served = (host.get('mode') ?? '').split(' ');
  const { afterProbe, beforeProbe } = evidence.hostCrossed;
  const { crossed: trapped } = delaysApart(difference(afterProbe, beforeProbe));
  const hypervisor = `${guest.get('hypervisor') ?? ''} ${guest.get('type') ?? ''}`;
  const { server } = boundary;
  const found = `${host.get('server') ?? ''}: ${host.get('settings') ?? ''}`;
  return [
    {
      target: dom0,
      claim: `${boundary.word} serves ${site.domain}`,
      ok: served[0] === boundary.word && served.slice(1).includes(site.domain),
      evidence: host.get('failed') ?? host.get('mode') ?? '',
    },
    { target: dom0, ...scheduling(host, served.slice(1)) },
    ...(server === undefined
      ? [{ target: dom0, claim: 'no program in dom0 serves the GPU', ok: found === ': ', evidence: found }]
      : [
          {
            target: dom0,
            claim: `${server.name} runs with ${server.settings}`,
            ok: host.get('server') === server.name && found.includes(server.settings),
            evidence: found,
          },
          {
            target: dom0,
            claim: 'the unassigned page of the GPU was not written to',
            ok: host.get('canary') === 'whole',
            evidence: `dom0 finds its canary ${host.get('canary') ?? 'nowhere'}`,
          },
        ]),
    {
      target: site.guest.name,
      claim: 'a PVH guest of Xen',
      ok: hypervisor === 'xen PVH',
      evidence: hypervisor,
    },
    {
      target: site.guest.name,
      claim: `its runtime uses ${boundary.word}`,
      ok: guest.get('mode')?.split(' ')[0] === boundary.word,
      evidence: guest.get('failed') ?? guest.get('mode') ?? '',
    },
    { target: site.guest.name, ...boundary.probed(guest, trapped) },
    ...boundary
      .further(evidence)
      .map(({ from, ...claim }) => ({ target: from === 'host' ? dom0 : site.guest.name, ...claim })),
  ];
}

function scheduling(host: Facts, served: readonly string[]): Claim {
  const domains = (host.get('domains') ?? '')
    .split(' ')
    .filter((word) => word !== '')
    .map((word) => {
      const [domain = '', state = ''] = word.split(':');
      return { domain, paused: state === 'paused' };
    });
  const right = domains.every(({ domain, paused }) => paused !== served.includes(domain));
  return {
    claim: 'guests under test run, all others are paused',
    ok: right && served.every((name) => domains.some(({ domain }) => domain === name)),
    evidence: host.get('domains') ?? '',
  };
}

interface Crossings {
  guest: Counters;
  host: Counters;
  /** What delays really took that were added to the mode: pvdrm's are spent by the guest, the others by dom0. */
  delayedNs: number;
}

/** Crossings between two attestations, without those of the probes. */
function crossings(before: Evidence, after: Evidence): Crossings {
  const guest = delaysApart(difference(after.guestCrossed, before.guestCrossed));
  const host = delaysApart(difference(after.hostCrossed.beforeProbe, before.hostCrossed.afterProbe));
  return { guest: guest.crossed, host: host.crossed, delayedNs: guest.delayedNs + host.delayedNs };
}

/** What a run keeps of them. */
function kept({ host, delayedNs }: Crossings): Counters {
  return delayedNs === 0 ? host : { ...host, delayedNs };
}

/** What the trials must have left in the counters of both sides. */
function moved(site: Site, boundary: LabBoundary, { guest, host, delayedNs }: Crossings): Finding[] {
  const { refused = 0, ...served } = host;
  const kinds = Object.keys(guest);
  const evidence = [
    wordsOf(guest),
    `dom0: ${wordsOf(served)}`,
    ...(refused === 0 ? [] : [`${refused} refused`]),
    ...(delayedNs === 0 ? [] : [`added delays took ${(delayedNs / 1e6).toFixed(1)} ms`]),
  ].join('; ');
  const right = kinds.every((kind) => boundary.crosses.includes(kind));
  return [
    {
      target: site.guest.name,
      claim:
        boundary.crosses.length === 0
          ? 'nothing crossed in its trials'
          : `its trials crossed, and only by ${boundary.crosses.join(', ')}`,
      ok: right && kinds.length > 0 === boundary.crosses.length > 0,
      evidence,
    },
    {
      target: hostOf(site).name,
      claim: 'dom0 served all crossings of the guest, kind by kind',
      ok: uncounted(guest, served) <= refused,
      evidence,
    },
  ];
}

/** Beside crossings, a side counts the time that delays really took. */
function delaysApart({ delayedNs = 0, ...crossed }: Counters): { crossed: Counters; delayedNs: number } {
  return { crossed, delayedNs };
}

async function tried(site: Site, boundary: LabBoundary, { hostCrossed }: Evidence): Promise<Finding[]> {
  if (boundary.tried === undefined) return [];
  const { script, holds } = boundary.tried;
  const { guest, counted } = await tryIn(site, script, hostCrossed.afterProbe);
  return [{ target: hostOf(site).name, ...holds(guest, counted) }];
}

/**
 * Crossings that dom0 saw but the guest's runtime did not count: a probe may bypass the runtime, and is
 * refused. Infinite if dom0 lacks one that the guest made.
 */
function uncounted(guest: Counters, served: Counters): number {
  const missed = Object.values(difference(served, guest));
  const lacks = Object.entries(guest).some(([kind, count]) => count > (served[kind] ?? 0));
  return lacks ? Infinity : missed.reduce((sum, count) => sum + count, 0);
}

export function wordsOf(counters: Counters): string {
  const words = Object.entries(counters).map(([kind, count]) => `${count} ${kind}`);
  return words.length === 0 ? 'none' : words.join(', ');
}

export const NOTHING_THERE = '0xFFFFFFFF';
/** The GPU's magic register, as in abi.h. */
export const MAGIC = '0x55504756';

/** For boundaries at which a guest can't see the GPU itself. */
export const BLIND = {
  probe: ['register'],
  probed: (guest: Facts, trapped: Counters): Claim => ({
    claim: 'the GPU’s registers are neither mapped nor trapped',
    ok: guest.get('register') === NOTHING_THERE && Object.keys(trapped).length === 0,
    evidence: `register ${guest.get('register') ?? ''}, trapped: ${wordsOf(trapped)}`,
  }),
} as const satisfies Pick<LabBoundary, 'probe' | 'probed'>;
