/** What both sides say of a guest that PVDRM serves. */
import { type Evidence, evidenceOf } from '../evidence.ts';
import { type Facts, told } from '../facts.ts';
import { hostOf } from '../host.ts';
import type { Finding, Site } from '../mode.ts';
import { nodes } from './dom0.ts';
import type { PvdrmSpec } from './kind.ts';

/** In the guest. Bit 2 of Xen’s features is XENFEAT_auto_translated_physmap. */
const GUEST = String.raw`for c in /sys/class/drm/card[0-9]*; do
  d=$(readlink "$c/device/driver") && printf 'card\t%s %s\n' "$\{c##*/}" "$\{d##*/}"
done
printf 'cache\t%s\n' "$(cat /sys/module/pvdrm_front/parameters/cache 2>&1)"
printf 'features\t%s\n' "$(cat /sys/hypervisor/properties/features 2>&1)"
printf 'nvidia\t%s\n' "$(grep -ls 0x10de /sys/bus/pci/devices/*/vendor | tr '\n' ' ')"
grep -E '^Mem(Total|Available):' /proc/meminfo | while read -r n v _; do printf '%s\t%s\n' "$n" "$v"; done
:`.replaceAll('$\\{', '${');

/** In dom0. */
function hostScript(domain: string, { device }: PvdrmSpec): string {
  const card = `/sys/class/drm/${device.split('/').at(-1) ?? ''}/device`;
  return String.raw`${nodes(domain)}
printf 'domid\t%s\n' "$u"
printf 'front\t%s\n' "$(xenstore-read $f/state 2>&1)"
printf 'back\t%s\n' "$(xenstore-read $b/state 2>&1)"
printf 'ring\t%s\n' "$(xenstore-read $f/counter-ref 2>&1)"
printf 'device\t%s\n' "$(xenstore-read $b/device-path 2>&1)"
d=$(readlink /sys/bus/xen-backend/devices/vdrm-$u-0/driver) || d=
printf 'bound\t%s\n' "$\{d##*/}"
printf 'sequential\t%s\n' "$(cat /sys/module/pvdrm_back/parameters/sequential 2>&1)"
printf 'served\t%s\n' "$(ls /sys/bus/xen-backend/devices | grep -c '^vdrm-')"
printf 'threads\t%s\n' "$(cat /proc/[0-9]*/comm 2>/dev/null | grep -cx pvdrm-back)"
printf 'loop\t%s\n' "$(dd if=/dev/kmsg iflag=nonblock bs=8192 2>/dev/null | sed -n 's/^[0-7],[^;]*;.*pvdrm: \(Start\|End\) main loop.*/\1/p' | tail -n 1)"
d=$(readlink ${card}/driver) || d=
printf 'driver\t%s\n' "$\{d##*/}"
printf 'gpu\t%s\n' "$(cat ${card}/vendor ${card}/device 2>&1 | tr '\n' ' ')"
:`.replaceAll('$\\{', '${');
}

/** @throws LinkLost */
export const readEvidence = (site: Site, spec: PvdrmSpec): Promise<Evidence> =>
  evidenceOf(site, GUEST, hostScript(site.domain, spec));

/** A guest with a smaller share of its memory left has practically none. */
const LEAST_LEFT = 0.05;
const TRANSLATED = 0x4;

/** What must hold as long as the mode is entered. */
export function findingsOf(site: Site, spec: PvdrmSpec, { guest, host }: Evidence): Finding[] {
  const [inGuest, inDom0] = [site.guest.name, hostOf(site).name];
  const { domain } = site;
  const is = (target: string, claim: string, facts: Facts, name: string, wanted: string): Finding => ({
    target,
    claim,
    ok: facts.get(name) === wanted,
    evidence: told(facts, name),
  });
  const card = guest.get('card') ?? 'no card';
  const features = guest.get('features') ?? '';
  const [total, available] = [guest.get('MemTotal:'), guest.get('MemAvailable:')].map(Number);
  const left = (available ?? 0) / (total ?? 0);
  return [
    {
      target: inDom0,
      claim: `front-end and back-end of ${domain} are connected`,
      ok: host.get('front') === '4' && host.get('back') === '4' && /^\d+$/.test(host.get('ring') ?? ''),
      evidence: `front-end in state ${told(host, 'front')}, back-end in ${told(host, 'back')}, counter-ref ${told(host, 'ring')}`,
    },
    {
      target: inDom0,
      claim: 'the back-end’s main loop runs',
      ...loop(host),
    },
    is(inDom0, `${domain} is served ${spec.device}`, host, 'device', spec.device),
    is(inDom0, 'nouveau drives the GPU', host, 'driver', 'nouveau'),
    is(
      inDom0,
      `pvdrm-back is loaded with sequential=${flag(spec.sequential)}`,
      host,
      'sequential',
      flag(spec.sequential),
    ),
    is(inGuest, `pvdrm-front is loaded with cache=${flag(spec.cache)}`, guest, 'cache', flag(spec.cache)),
    {
      target: inGuest,
      claim: 'its card is bound to pvdrm-front',
      ok: card.endsWith(' pvdrm-front'),
      evidence: card,
    },
    {
      target: inGuest,
      claim: 'it has no NVIDIA device of its own',
      ok: guest.get('nvidia') === '',
      evidence: guest.get('nvidia') === '' ? 'none in /sys/bus/pci/devices' : told(guest, 'nvidia'),
    },
    {
      target: inGuest,
      claim: 'its memory is translated: not a PV guest',
      ok: /^[0-9a-f]+$/.test(features) && (Number.parseInt(features, 16) & TRANSLATED) !== 0,
      evidence: `Xen’s features ${told(guest, 'features')}`,
    },
    {
      target: inGuest,
      claim: 'it has memory left: pvdrm-front never returns pages',
      // Kernels before 3.14 don't report it; a missing fact proves nothing.
      ok: available === undefined || Number.isNaN(left) || left >= LEAST_LEFT,
      evidence: `${told(guest, 'MemAvailable:')} of ${told(guest, 'MemTotal:')} KiB`,
    },
  ];
}

/**
 * A quiet build logs nothing and only has the thread; with one guest, the last message of a logging build is
 * about this guest.
 */
function loop(host: Facts): Pick<Finding, 'ok' | 'evidence'> {
  const [served, threads] = [Number(host.get('served')), Number(host.get('threads'))];
  const said = host.get('loop') ?? '';
  const bound = host.get('bound') ?? '';
  return {
    ok:
      (bound === 'pvdrm-back' || bound === 'vdrm') &&
      served > 0 &&
      threads >= served &&
      !(served === 1 && said === 'End'),
    evidence: `bound to ${bound || 'no driver'}; threads pvdrm-back: ${threads}, for ${served} devices; ${said === '' ? 'nothing in the log' : `“${said} main loop.” is the last message in the log`}`,
  };
}

const flag = (on: boolean) => (on ? '1' : '0');
