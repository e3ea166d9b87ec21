/**
 * Evidence from both sides for a guest with a virtual GPU of GVT-g. Source: Linux,
 * drivers/gpu/drm/i915/gvt/kvmgt.c (intel_vgpu/vgpu_id), gvt.c (description), debugfs.c (vgpuN/active) and
 * gtt.c, scheduler.c (log messages).
 */
import { type Evidence, evidenceOf } from '../evidence.ts';
import { type Facts, told } from '../facts.ts';
import { hostOf } from '../host.ts';
import { I915_FACTS, i915Findings } from '../i915-guest.ts';
import { hasFact, hasFinding } from '../lent.ts';
import { mdevDevice, typeFolder } from '../mdev.ts';
import type { Counters, Finding, Site } from '../mode.ts';
import { driverOf, logSince } from '../sysfs.ts';
import type { GvtgSpec } from './kind.ts';

/** The virtual GPU of one stay, and the end of the host’s log before it. */
export interface Made {
  uuid: string;
  logEnd: string;
}

/**
 * For one virtual GPU, by its number; resets concern all of them, because one guest’s hang resets the GPU for
 * each.
 */
const TROUBLE = 'gvt: vgpu \'"$vgb_i"\': fail|Resetting [a-z]+[0-9]+ for hang';

function hostScript(site: Site, { device, type }: GvtgSpec, { uuid, logEnd }: Made): string {
  const at = mdevDevice(uuid);
  const folder = typeFolder(device, type);
  return String.raw`vgb_i=$(cat ${at}/intel_vgpu/vgpu_id 2>/dev/null)
printf 'type\t%s\n' "$(readlink ${at}/mdev_type | sed 's,.*/,,')"
printf 'id\t%s\n' "$vgb_i"
printf 'low\t%s\n' "$(sed -n 's/^low_gm_size: \([0-9]*\)MB$/\1/p' ${folder}/description 2>/dev/null)"
printf 'weight\t%s\n' "$(sed -n 's/^weight: \([0-9]*\)$/\1/p' ${folder}/description 2>/dev/null)"
printf 'driver\t%s\n' "$(${driverOf(device)})"
printf 'active\t%s\n' "$(cat /sys/kernel/debug/dri/*/gvt/vgpu$vgb_i/active 2>&1 | head -n 1)"
${hasFact(site, [{ mdev: uuid }])}
${logSince(logEnd)}
printf 'failure\t%s\n' "$(printf '%s\n' "$vgb_k" | grep -E '${TROUBLE}' | tail -n 1)"
:`;
}

/**
 * Interrupts, over all CPUs. Source: drivers/gpu/drm/i915/i915_irq.c, which requests them under this name.
 */
const GUEST = String.raw`${I915_FACTS}
printf 'interrupts\t%s\n' "$(awk '/[ ,]i915(,|$)/ { for (i = 2; i <= NF; i++) if ($i ~ /^[0-9]+$/) n += $i; else break } END { print n + 0 }' /proc/interrupts)"
:`;

/** @throws LinkLost */
export const readEvidence = (site: Site, spec: GvtgSpec, made: Made): Promise<Evidence> =>
  evidenceOf(site, GUEST, hostScript(site, spec, made));

/** Interrupts of i915 in the guest: each is injected by the host. */
export function countersOf(guest: Facts): Counters {
  const text = guest.get('interrupts') ?? '';
  return /^\d{1,15}$/.test(text) ? { interrupts: Number(text) } : {};
}

/** What must hold as long as the mode is entered. */
export function findingsOf(site: Site, spec: GvtgSpec, { guest, host }: Evidence): Finding[] {
  const target = hostOf(site).name;
  const at = (name: string) => told(host, name);
  const [failure, detected] = [at('failure'), Number(guest.get('detected'))];
  return [
    {
      target,
      claim: `it has a virtual GPU of the type ${spec.type}`,
      ok: host.get('type') === spec.type,
      evidence: at('type') === '' ? 'no such mediated device' : `${at('type')}, weight ${at('weight')} of 16`,
    },
    hasFinding(site, host),
    { target, claim: 'it is active', ok: host.get('active') === 'Y', evidence: at('active') },
    { target, claim: 'i915 drives the GPU', ok: host.get('driver') === 'i915', evidence: at('driver') },
    {
      target,
      claim: 'the host’s log shows no failure of it',
      ok: failure === '',
      evidence: failure || 'none',
    },
    ...i915Findings(site.guest.name, guest, Number(host.get('low'))),
    {
      target: site.guest.name,
      claim: 'its i915 reports a virtual GPU of GVT-g',
      ok: detected > 0,
      evidence: detected > 0 ? 'Virtual GPU for Intel GVT-g detected' : 'nothing in its log',
    },
  ];
}
