/** What a target is, as text by name: hostile text, since a guest says it. */
export type Fingerprint = Record<string, string>;

/**
 * POSIX sh; each fact is one line `name<TAB>value`, and one that can't be had is left out. It starts few processes, since
 * in an emulated guest each costs tens of ms.
 */
export const FINGERPRINT_SCRIPT = String.raw`
f() { [ -n "$2" ] && printf '%s\t%s\n' "$1" "$2"; }
first() { vgb_l=; { IFS= read -r vgb_l; } 2>/dev/null <"$1"; }
file() { first "$2" && f "$1" "$vgb_l"; }
f kernel "$(uname -srvm 2>/dev/null)"
f os "$(. /etc/os-release 2>/dev/null; echo "$PRETTY_NAME")"
sed -n -e 's/^model name[^:]*: /model /p' -e 's/^processor.*/processor/p' -e 's/^flags.*[ :]hypervisor\( .*\)*$/hypervisor/p' /proc/cpuinfo 2>/dev/null | {
vgb_c=; vgb_n=0; vgb_h=
while IFS=' ' read -r vgb_a vgb_b; do
case $vgb_a in model) vgb_c=$vgb_b ;; processor) vgb_n=$((vgb_n+1)) ;; hypervisor) vgb_h=yes ;; esac
done
f cpu "$vgb_c"; f cpus "$vgb_n"
first /sys/hypervisor/type || { [ -n "$vgb_h" ] && { first /sys/class/dmi/id/sys_vendor || vgb_l=yes; }; }
f hypervisor "$vgb_l"
}
{ IFS=' ' read -r _ vgb_l && f memory "$vgb_l"; } 2>/dev/null </proc/meminfo
file governor /sys/devices/system/cpu/cpu0/cpufreq/scaling_governor
first /sys/hypervisor/version/major && { vgb_a=$vgb_l; first /sys/hypervisor/version/minor; f xen "$vgb_a.$vgb_l"; }
file clocksource /sys/devices/system/clocksource/clocksource0/current_clocksource
file boot /proc/sys/kernel/random/boot_id
file cmdline /proc/cmdline
for d in /sys/class/drm/card[0-9] /sys/class/drm/card[0-9][0-9]; do [ -e "$d/device" ] && f "gpu $(basename "$d")" "$(cat "$d/device/vendor" 2>/dev/null):$(cat "$d/device/device" 2>/dev/null) driver $(basename "$(readlink -f "$d/device/driver" 2>/dev/null)")"; done
file nvidia /proc/driver/nvidia/version
f sh "$(readlink -f "$(command -v sh)" 2>/dev/null)"
:`;

/** Reads what FINGERPRINT_SCRIPT printed. */
export function parseFingerprint(text: string): Fingerprint {
  const facts = text.split('\n').flatMap((line) => {
    const [name, value] = line.split('\t');
    return name === undefined || value === undefined || value === '.'
      ? []
      : [[name.slice(0, 60), value.slice(0, 400)] as const];
  });
  return Object.fromEntries(facts);
}
