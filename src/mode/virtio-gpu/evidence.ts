/**
 * Evidence from both sides for a guest with a virtio-gpu. Source: Linux, drivers/gpu/drm/virtio/virtgpu_kms.c (log messages),
 * virtgpu_debugfs.c (fences) and include/uapi/linux/virtio_gpu.h (capability sets); QEMU,
 * docs/system/devices/virtio/virtio-gpu.rst (properties of the device).
 */
import type { Remedy } from '../../words/examined.ts';
import { exports, quote } from '../../words/quote.ts';
import { type Facts, factsOf } from '../facts.ts';
import { hostOf } from '../host.ts';
import type { Finding, Site } from '../mode.ts';
import { logSince } from '../sysfs.ts';
import { type Api, type VirtioGpuSpec, apiOf, tellerOf } from './kind.ts';

interface Variant {
  /** The property of QEMU’s device that must be on; null if any device with GL will do. */
  property: string | null;
  /** One of these capability sets is required. */
  sets: readonly string[];
  features: readonly string[];
  /** The name of its device; null if it has the same name as on the host. */
  called: RegExp | null;
}

const SHARED = ['resource_blob', 'host_visible', 'context_init'];
const VARIANTS: Record<VirtioGpuSpec['variant'], Variant> = {
  virgl: { property: null, sets: ['1', '2'], features: ['virgl'], called: /virgl/i },
  venus: { property: 'venus', sets: ['4'], features: SHARED, called: /Virtio-GPU Venus/ },
  'native-context': { property: 'drm_native_context', sets: ['6'], features: SHARED, called: null },
};

/** Devices that are the guest’s CPU or, in brackets, the host’s. PoCL’s are the last two. */
const SOFTWARE = /llvmpipe|lavapipe|softpipe|swrast|pthread-|cpu-/i;
/** Devices forwarded at the API, which a native context must not show. */
const FORWARDED = /virgl|Virtio-GPU Venus/i;

/** Vulkan’s loader offers only venus, and no CPU. */
export function environmentOf({ variant }: VirtioGpuSpec): Record<string, string> {
  return variant === 'venus' ? { VK_LOADER_DRIVERS_SELECT: 'virtio_icd*' } : {};
}

/** The devices on the command line of the guest’s QEMU, with their settings. */
const HOST = (domain: string) => String.raw`for vgb_f in $(grep -lsa qemu /proc/[0-9]*/cmdline); do
  tr '\0' '\n' 2>/dev/null <"$vgb_f" | vgb_n=${quote(domain)} awk '
before == "-name" { n = split($0, part, ","); for (i = 1; i <= n; i++) if (part[i] == ENVIRON["vgb_n"] || part[i] == "guest=" ENVIRON["vgb_n"]) named = 1 }
before ~ /^-(device|set|global)$/ && /virtio-(gpu|vga)|venus|drm_native_context/ { device = device (device == "" ? "" : "; ") $0 }
{ before = $0 }
END { if (named) printf "qemu\tyes\ndevice\t%s\n", device }'
done 2>/dev/null
:`;

/** virtio_gpu’s directory in debugfs, and its fences: the last one signalled, and the last one requested. */
const FENCES = String.raw`vgb_g=none
for vgb_d in /sys/kernel/debug/dri/*; do
  read -r vgb_w vgb_x <"$vgb_d/name" && [ "$vgb_w" = virtio_gpu ] && { vgb_g=$vgb_d; break; }
done 2>/dev/null
vgb_fences() { sed -n 's/^fence //p' "$vgb_g/virtio-gpu-irq-fence" 2>/dev/null; }`;

const TOLD: Record<Api, string> = {
  gl: String.raw`eglinfo -B | sed -n 's/^[[:space:]]*OpenGL .*renderer[^:]*: //p'`,
  vulkan: String.raw`vulkaninfo --summary | sed -n 's/^[[:space:]]*deviceName[[:space:]]*= //p'`,
  opencl: String.raw`clinfo | sed -n 's/^  Device Name  *//p'`,
};

/** Before and after its renderer is queried, which itself causes fences. */
function guestScript(spec: VirtioGpuSpec): string {
  return String.raw`${FENCES}
printf 'uid\t%s\n' "$(id -u)"
[ -d /sys/kernel/debug/dri ] && printf 'debugfs\tyes\n'
[ "$vgb_g" = none ] || printf 'driver\tvirtio_gpu\n'
printf 'first\t%s\n' "$(vgb_fences)"
${logSince('-1')}
printf 'features\t%s\n' "$(printf '%s\n' "$vgb_k" | sed -n 's/.*\[drm\] features: //p' | tr '\n' ' ')"
printf 'sets\t%s\n' "$(printf '%s\n' "$vgb_k" | sed -n 's/.*\[drm\] cap set [0-9]*: id \([0-9]*\),.*/\1/p' | sort -nu | tr '\n' ' ')"
( ${exports(environmentOf(spec))}${TOLD[apiOf(spec)].replace(tellerOf(spec), (teller) => `timeout 20 ${teller} 2>/dev/null`)} ) | awk 'NR < 10 { printf "name %d\t%s\n", NR, $0 }'
printf 'last\t%s\n' "$(vgb_fences)"
:`;
}

export interface Evidence {
  guest: Facts;
  host: Facts;
}

/** @throws LinkLost */
export async function readEvidence(site: Site, spec: VirtioGpuSpec): Promise<Evidence> {
  const [guest, host] = await Promise.all([
    factsOf(site.guest, guestScript(spec)),
    factsOf(hostOf(site), HOST(site.domain)),
  ]);
  return { guest, host };
}

/** What the host had signalled when the guest was queried, and when it had answered. */
export function fencesOf(guest: Facts): { first: number; last: number } {
  const at = (name: string) => Number(/^\d{1,15}(?= )/.exec(guest.get(name) ?? '')?.[0] ?? 0);
  return { first: at('first'), last: at('last') };
}

/** What must hold as long as the mode is entered, with remedies. */
export interface Claim extends Finding {
  how: string;
  remedy?: Remedy;
}

/** What must hold as long as the mode is entered. */
export function claimsOf(site: Site, spec: VirtioGpuSpec, { guest, host }: Evidence): Claim[] {
  const { property, sets, features } = VARIANTS[spec.variant];
  const [device = '', has = '', own = ''] = [host.get('device'), guest.get('features'), guest.get('sets')];
  const on = property === null ? '' : ` with ${property}`;
  const isOn = property === null || new RegExp(`[,."]${property}"?[=:](on|true|yes)`).test(device);
  const target = site.guest.name;
  return [
    {
      target: hostOf(site).name,
      claim: `the QEMU of ${site.domain} has a virtio-gpu with GL${on}`,
      ok: isOn && /virtio-(gpu|vga)-gl/.test(device),
      evidence: device || (host.has('qemu') ? 'no such device' : 'no QEMU of that name runs'),
      how: `start it with -device virtio-gpu-gl${property === null ? '' : `,hostmem=8G,blob=true,${property}=on`} and a display with GL, such as -display egl-headless`,
    },
    {
      target,
      claim: 'its virtio_gpu drives a card',
      ok: guest.has('driver'),
      evidence: guest.get('driver') ?? (guest.has('debugfs') ? 'no such card' : 'no /sys/kernel/debug/dri'),
      ...(guest.has('debugfs')
        ? { how: 'load it (modprobe virtio_gpu)' }
        : {
            how: 'mount debugfs',
            remedy: { on: target, run: 'mount -t debugfs none /sys/kernel/debug' },
          }),
    },
    {
      target,
      claim: `it has cap set ${sets.join(' or ')}, with ${features.join(', ')}`,
      ok:
        words(own).some((id) => sets.includes(id)) && features.every((one) => words(has).includes(`+${one}`)),
      evidence: own === '' ? 'its log does not report it' : `cap sets ${own}; ${has}`,
      how: 'make sure that host and guest are new enough for the variant; if its log has wrapped, restart the guest',
    },
    named(target, spec, guest),
  ];
}

/** GL has one renderer, the first one shown; Vulkan must not have other devices, OpenCL may. */
function named(target: string, spec: VirtioGpuSpec, guest: Facts): Claim {
  const { called } = VARIANTS[spec.variant];
  const api = apiOf(spec);
  const names = [...guest].flatMap(([fact, name]) => (fact.startsWith('name ') ? [name] : []));
  const fits = (name: string) =>
    !SOFTWARE.test(name) && (called === null ? !FORWARDED.test(name) : called.test(name));
  const ok = { gl: fits(names[0] ?? ''), vulkan: names.every(fits), opencl: names.some(fits) }[api];
  const isEmpty = spec.variant === 'venus' && words(guest.get('sets') ?? '').includes('4');
  const found = names.join('; ') || `${tellerOf(spec)} shows no device`;
  return {
    target,
    claim: `its ${api === 'gl' ? 'OpenGL' : api === 'vulkan' ? 'Vulkan' : 'OpenCL'} is ${spec.variant}’s, not a CPU’s`,
    ok: ok && names.length > 0,
    evidence: !ok && isEmpty ? `${found}: cap set 4 exists but is empty` : found,
    how: isEmpty
      ? 'install virglrenderer’s render server on the host, and restart the guest'
      : `install a Mesa that is new enough in the guest, so that ${tellerOf(spec)} shows its device`,
  };
}

const words = (text: string): string[] => text.split(' ').filter((word) => word !== '');

/** How long a workload may take, from its start, to request its first fence. One without fences takes that much longer per trial. */
const ASKED_S = 5;
/** How long a fence may be pending: GPU drivers end what keeps a GPU that long. */
const PENDING_S = 10;

/** While a workload runs: whether the fences that the guest waits for are signalled. @throws LinkLost */
export async function fencesMove({ guest }: Site): Promise<Finding> {
  const facts = await factsOf(
    guest,
    String.raw`${FENCES}
set -- $(vgb_fences)
vgb_w=$2 vgb_i=0
while [ "$1" = "$2" ] && [ "$2" = "$vgb_w" ] && [ "$vgb_i" -lt ${5 * ASKED_S} ]; do
  sleep 0.2 2>/dev/null || { sleep 1; vgb_i=$((vgb_i + 4)); }
  set -- $(vgb_fences)
  vgb_i=$((vgb_i + 1))
done
vgb_a=$1 vgb_i=0
while [ "$1" != "$2" ] && [ "$1" = "$vgb_a" ] && [ "$vgb_i" -lt ${PENDING_S} ]; do
  sleep 1
  set -- $(vgb_fences)
  vgb_i=$((vgb_i + 1))
done
printf 'fences\t%s\n' "$*"
[ "$1" != "$2" ] && [ "$1" = "$vgb_a" ] && printf 'stuck\tyes\n'
:`,
  );
  const [signalled = '', asked = ''] = words(facts.get('fences') ?? '');
  const isStuck = facts.has('stuck');
  return {
    target: guest.name,
    claim: 'the host signals its fences',
    ok: signalled !== '' && !isStuck,
    evidence:
      signalled === ''
        ? 'they can’t be read'
        : `${signalled} of ${asked}${isStuck ? `, the next one not signalled for ${PENDING_S} s: this is not a slow compilation` : ''}`,
  };
}
