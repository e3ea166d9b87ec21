/**
 * Evidence from both sides for a guest that XenGT serves. Source: intel/XenGT-Preview-kernel,
 * drivers/gpu/drm/i915/vgt/sysfs.c and debugfs.c.
 */
import { quote } from '../../words/quote.ts';
import { type Evidence, evidenceOf } from '../evidence.ts';
import { type Facts, told } from '../facts.ts';
import { hostOf } from '../host.ts';
import { I915_FACTS, i915Findings } from '../i915-guest.ts';
import type { Counters, Finding, Site } from '../mode.ts';
import { MIB, type XengtSpec } from './kind.ts';

/** Those of vGT’s per-guest counters that count events rather than cycles, by their files below perf/. */
const COUNTED = [
  ...['gtt_mmio_rcnt', 'gtt_mmio_wcnt', 'mmio_rcnt', 'mmio_wcnt', 'ring_mmio_rcnt', 'ring_mmio_wcnt'],
  ...['ring_tail_mmio_wcnt', 'total_cmds', 'vring_scan_cnt', 'ppgtt_wp_cnt', 'skip_bb_cnt'],
];

/** In dom0. Its module is i915 with vgt inside, or xen_vgt. */
function hostScript(domain: string): string {
  return String.raw`u=$(xl domid ${quote(domain)} 2>/dev/null) || u=
v=/sys/kernel/vgt/vm$u
printf 'domid\t%s\n' "$u"
[ -d /sys/kernel/vgt/control ] && printf 'control\tyes\n'
printf 'aperture\t%s\n' "$(cat $v/aperture_sz 2>&1)"
printf 'memory\t%s\n' "$(cat $v/gm_sz 2>&1)"
printf 'switch\t%s\n' "$(cat /sys/kernel/vgt/control/ctx_switch 2>&1)"
printf 'left\t%s\n' "$(head -n 1 /sys/kernel/vgt/control/available_resource 2>&1)"
printf 'module\t%s\n' "$(ls -d /sys/module/xen_vgt /sys/module/i915 2>/dev/null | sed 's,.*/,,' | tr '\n' ' ')"
printf 'driver\t%s\n' "$(readlink /sys/class/drm/card0/device/driver | sed 's,.*/,,')"
for c in ${COUNTED.join(' ')}; do printf 'count %s\t%s\n' $c "$(cat /sys/kernel/debug/vgt/vm$u/perf/$c 2>/dev/null)"; done
:`;
}

/** @throws LinkLost */
export const readEvidence = (site: Site): Promise<Evidence> =>
  evidenceOf(site, `${I915_FACTS}\n:`, hostScript(site.domain));

/** vGT’s counters of this guest; empty if they can’t be read. */
export function countersOf(host: Facts): Counters {
  return Object.fromEntries(
    COUNTED.flatMap((name) => {
      const text = host.get(`count ${name}`) ?? '';
      return /^\d{1,15}$/.test(text) ? [[name, Number(text)]] : [];
    }),
  );
}

/** What must hold as long as the mode is entered. */
export function findingsOf(site: Site, spec: XengtSpec, { guest, host }: Evidence): Finding[] {
  const [inGuest, inDom0] = [site.guest.name, hostOf(site).name];
  const low = spec.aperture / MIB;
  const all = low + spec['graphics-memory'] / MIB;
  const counters = Object.keys(countersOf(host)).length;
  return [
    {
      target: inDom0,
      claim: `${site.domain} has a vGT instance with an aperture of ${low} MiB, and ${all} MiB in all`,
      ok: isSize(host.get('aperture'), low) && isSize(host.get('memory'), all),
      evidence:
        host.get('control') === 'yes'
          ? `aperture_sz ${told(host, 'aperture')}, gm_sz ${told(host, 'memory')}; available_resource ${told(host, 'left')}`
          : 'no /sys/kernel/vgt/control: vGT is not in this kernel, or not enabled',
    },
    {
      target: inDom0,
      claim: 'vGT switches contexts',
      ok: host.get('switch') === 'VGT context switch: enabled',
      evidence: told(host, 'switch'),
    },
    {
      target: inDom0,
      claim: 'i915 drives the GPU',
      ok: host.get('driver') === 'i915',
      evidence: `${told(host, 'driver')}; modules ${told(host, 'module')}`,
    },
    {
      target: inDom0,
      claim: 'vGT’s counters of this guest can be read',
      ok: counters > 0,
      evidence:
        counters > 0
          ? `${counters} of ${COUNTED.length}`
          : 'none below /sys/kernel/debug/vgt: is debugfs mounted?',
    },
    ...i915Findings(inGuest, guest, low),
  ];
}

/** A number in hexadecimal, in bytes or, in older kernels, in MiB. */
export function isSize(text: string | undefined, mib: number): boolean {
  if (text === undefined || !/^[0-9a-f]{1,16}$/.test(text)) return false;
  const value = Number.parseInt(text, 16);
  return value === mib || value === mib * MIB;
}
