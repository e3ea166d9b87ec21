/**
 * What a guest's i915 reports about a virtual GPU. Source: Linux since 4.0, drivers/gpu/drm/i915/i915_vgpu.c.
 */
import type { Facts } from './facts.ts';
import type { Finding } from './mode.ts';

/** Facts. It logs its ballooning once, at boot. */
export const I915_FACTS = String.raw`for c in /sys/class/drm/card[0-9]*; do
  d=$(readlink "$c/device/driver") && printf 'card\t%s %s %s\n' "$(basename $c)" "$(basename $d)" "$(cat $c/device/vendor)"
done
l=$(dd if=/dev/kmsg iflag=nonblock bs=8192 2>/dev/null | sed -n 's/^[0-7],[^;]*;//p')
printf 'ballooned\t%s\n' "$(printf '%s\n' "$l" | sed -n 's/.*Mappable graphic memory: base 0x[0-9a-f]* size \([0-9]*\)KiB.*/\1/p' | tail -n 1)"
printf 'trouble\t%s\n' "$(printf '%s\n' "$l" | grep -E 'VGT balloon fail|VGT interface version mismatch' | tail -n 1)"
printf 'detected\t%s\n' "$(printf '%s\n' "$l" | grep -c 'Virtual GPU for Intel GVT-g detected')"`;

/** @param low how much of its graphics memory the CPU can reach, in MiB */
export function i915Findings(target: string, guest: Facts, low: number): Finding[] {
  const [card = '', ballooned = '', trouble = ''] = ['card', 'ballooned', 'trouble'].map((name) =>
    guest.get(name),
  );
  return [
    {
      target,
      claim: 'its card is Intel’s, bound to i915',
      ok: / i915 0x8086$/.test(card),
      evidence: card || 'no card',
    },
    {
      target,
      claim: `its driver keeps to an aperture of ${low} MiB`,
      ok: trouble === '' && (ballooned === '' || Number(ballooned) === low * 1024),
      // Kernels before 4.0 log it in other words, or not at all.
      evidence: trouble || (ballooned === '' ? 'nothing in its log' : `ballooned to ${ballooned} KiB`),
    },
  ];
}
