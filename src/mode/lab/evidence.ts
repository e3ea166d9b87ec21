import { quote } from '../../words/quote.ts';
import { difference } from '../counters.ts';
import { type Facts, factsOf } from '../facts.ts';
import { hostOf } from '../host.ts';
import type { Counters, Place, Site } from '../mode.ts';

/** Where a guest may look for the GPU, as its vgpu-facts names it. */
export type GpuPlace = 'register' | 'slice' | 'vram' | 'doorbell';

const COUNTERS = String.raw`printf 'counters\t'; exec vgpu-counters`;

/** What was read from both sides in one go. */
export interface Evidence {
  guest: Facts;
  host: Facts;
  /** Crossings since boot as the guest's runtime counted them, which the probe is not part of. */
  guestCrossed: Counters;
  /** Crossings since boot as dom0 counted them: before the guest's probe of the GPU, and after it. */
  hostCrossed: { beforeProbe: Counters; afterProbe: Counters };
}

/** The guest is asked while dom0 is: neither changes what the other sees, but for the counters. */
export async function readEvidence(site: Site, probe: readonly GpuPlace[]): Promise<Evidence> {
  const dom0 = hostOf(site);
  const earlier = await factsOf(dom0, COUNTERS);
  const [host, guest] = await Promise.all([
    factsOf(dom0, `exec vgpu-facts ${quote(site.domain)}`),
    readGuest(site.guest, probe),
  ]);
  const later = await factsOf(dom0, COUNTERS);
  return {
    guest,
    host,
    guestCrossed: countersOf(guest, 'guest'),
    hostCrossed: {
      beforeProbe: countersOf(earlier, site.domain),
      afterProbe: countersOf(later, site.domain),
    },
  };
}

/** What came of a script in the guest, and what dom0 counted of it since `before`. */
export async function tryIn(
  site: Site,
  script: string,
  before: Counters,
): Promise<{ guest: Facts; counted: Counters }> {
  const guest = await factsOf(site.guest, script);
  const host = await factsOf(hostOf(site), COUNTERS);
  return { guest, counted: difference(countersOf(host, site.domain), before) };
}

/** The guest's side alone: the bare box has no other. */
export async function readGuest(place: Place, probe: readonly GpuPlace[]): Promise<Facts> {
  return factsOf(place, ['exec vgpu-facts', ...probe].join(' '));
}

/** Crossings of `who` in what vgpu-counters printed, by kind, without those of 0. */
export function countersOf(facts: Facts, who: string): Counters {
  const all = parse(facts.get('counters') ?? '{}');
  const own: unknown = typeof all === 'object' && all !== null ? Reflect.get(all, who) : undefined;
  if (typeof own !== 'object' || own === null) return {};
  return Object.fromEntries(
    Object.entries(own).filter(
      (entry): entry is [string, number] => entry[0] !== 'total' && typeof entry[1] === 'number',
    ),
  );
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
