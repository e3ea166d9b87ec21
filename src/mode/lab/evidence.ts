import { quote } from '../../words/quote.ts';
import { difference } from '../counters.ts';
import { type Facts, factsOf } from '../facts.ts';
import { hostOf } from '../host.ts';
import type { Counters, Place, Site } from '../mode.ts';

/** Where a guest may look for the GPU, in terms of its vgpu-facts. */
export type GpuPlace = 'register' | 'slice' | 'vram' | 'doorbell';

const COUNTERS = String.raw`printf 'counters\t'; exec vgpu-counters`;

/** Facts read from both sides at the same time. */
export interface Evidence {
  guest: Facts;
  host: Facts;
  /** Crossings since boot as counted by the guest's runtime, which does not include the probe. */
  guestCrossed: Counters;
  /** Crossings since boot as counted by dom0: before the guest's probe of the GPU, and after it. */
  hostCrossed: { beforeProbe: Counters; afterProbe: Counters };
}

/**
 * Guest and host are asked at the same time: neither affects what the other sees, except for the counters.
 */
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

/** The result of a script in the guest, and what dom0 counted of it since `before`. */
export async function tryIn(
  site: Site,
  script: string,
  before: Counters,
): Promise<{ guest: Facts; counted: Counters }> {
  const guest = await factsOf(site.guest, script);
  const host = await factsOf(hostOf(site), COUNTERS);
  return { guest, counted: difference(countersOf(host, site.domain), before) };
}

/** The guest's side alone: the bare-metal machine has no other. */
export async function readGuest(place: Place, probe: readonly GpuPlace[]): Promise<Facts> {
  return factsOf(place, ['exec vgpu-facts', ...probe].join(' '));
}

/** Crossings of `who` in the output of vgpu-counters, by kind, without zeros. */
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
