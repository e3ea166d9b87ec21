import { difference } from '../counters.ts';
import { hostOf } from '../host.ts';
import type { Counters, Place, Site } from '../mode.ts';

/** What a machine of the lab says of itself: facts by name. From a guest: hostile text. */
export type Facts = ReadonlyMap<string, string>;

const FACT = String.raw`f() { printf '%s\t%s\n' "$1" "$2"; }`;
const HOST_COUNTERS = String.raw`printf 'counters\t%s\n' "$(vgpu-counters)"`;

/** How dom0 serves which guests, who runs and who is paused, and what its end of the boundary is at. */
function hostScript(domain: string): string {
  return String.raw`${FACT}
f mode "$(cat /run/vgpu/mode 2>&1)"
server=$(cat /proc/$(cat /run/vgpu/daemon.pid 2>/dev/null)/comm 2>/dev/null)
f server "$server"
[ -n "$server" ] && f settings "$(grep -h '^ready' /run/vgpu/daemon.log)"
domains=$(xl list)
f domains "$(echo "$domains" | awk 'NR > 1 && $2 > 0 { printf "%s:%s ", $1, $5 }')"
id=$(echo "$domains" | awk '$1 == "${domain}" { print $2 }')
f back "$(xenstore-read /local/domain/0/backend/vdrm/$id/0/state 2>/dev/null)"
f canary "$(vgpu-window canary)"
f front "$(xenstore-read /local/domain/$id/device/vdrm/0/state 2>/dev/null)"`;
}

/** `probe` prints further facts, by reading from the GPU. */
function guestScript(probe: string): string {
  return String.raw`${FACT}
read32() { devmem $1 32 2>/dev/null || echo unreadable; }
f mode "$(cat /run/vgpu/mode 2>&1)"
f hypervisor "$(cat /sys/hypervisor/type 2>/dev/null || echo none)"
f type "$(cat /sys/hypervisor/guest_type 2>/dev/null || echo none)"
f front-settings "$(grep -h '^ready' /run/vgpu/front.log 2>/dev/null)"
f counters "$(vgpu-counters)"
${probe}
:`;
}

async function factsOf(place: Place, script: string): Promise<Facts> {
  const { stdout, stderr, exitCode } = await place.run(script);
  const facts = stdout.split('\n').flatMap((line) => {
    const [name, ...value] = line.split('\t');
    return name === undefined || value.length === 0 ? [] : [[name, value.join(' ').trim()] as const];
  });
  if (exitCode !== 0) return new Map([...facts, ['failed', stderr.trim().slice(0, 300)]]);
  return new Map(facts);
}

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
export async function readEvidence(site: Site, probe: string): Promise<Evidence> {
  const dom0 = hostOf(site);
  const earlier = await factsOf(dom0, HOST_COUNTERS);
  const [host, guest] = await Promise.all([
    factsOf(dom0, hostScript(site.domain)),
    readGuest(site.guest, probe),
  ]);
  const later = await factsOf(dom0, HOST_COUNTERS);
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
  const guest = await factsOf(site.guest, `${FACT}\n${script}\n:`);
  const host = await factsOf(hostOf(site), HOST_COUNTERS);
  return { guest, counted: difference(countersOf(host, site.domain), before) };
}

/** The guest's side alone: the bare box has no other. */
export async function readGuest(place: Place, probe: string): Promise<Facts> {
  return factsOf(place, guestScript(probe));
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
