/** What a target is, as text by name: hostile text, since a guest says it. */
export type Fingerprint = Record<string, string>;

/** POSIX sh; each fact is one line `name<TAB>value`, and one that can't be had is left out. */
export const FINGERPRINT_SCRIPT = String.raw`
f() { [ -n "$2" ] && printf '%s\t%s\n' "$1" "$2"; }
f kernel "$(uname -srvm 2>/dev/null)"
f os "$(. /etc/os-release 2>/dev/null; echo "$PRETTY_NAME")"
f cpu "$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo 2>/dev/null | head -n 1)"
f cpus "$(grep -c '^processor' /proc/cpuinfo 2>/dev/null)"
f memory "$(sed -n 's/^MemTotal: *//p' /proc/meminfo 2>/dev/null)"
f governor "$(cat /sys/devices/system/cpu/cpu0/cpufreq/scaling_governor 2>/dev/null)"
f hypervisor "$(cat /sys/hypervisor/type 2>/dev/null || { grep -qw hypervisor /proc/cpuinfo && { cat /sys/class/dmi/id/sys_vendor 2>/dev/null || echo yes; }; })"
f xen "$(cat /sys/hypervisor/version/major 2>/dev/null).$(cat /sys/hypervisor/version/minor 2>/dev/null)"
f clocksource "$(cat /sys/devices/system/clocksource/clocksource0/current_clocksource 2>/dev/null)"
f boot "$(cat /proc/sys/kernel/random/boot_id 2>/dev/null)"
f cmdline "$(cat /proc/cmdline 2>/dev/null)"
for d in /sys/class/drm/card[0-9] /sys/class/drm/card[0-9][0-9]; do [ -e "$d/device" ] && f "gpu $(basename "$d")" "$(cat "$d/device/vendor" 2>/dev/null):$(cat "$d/device/device" 2>/dev/null) driver $(basename "$(readlink -f "$d/device/driver" 2>/dev/null)")"; done
f nvidia "$(cat /proc/driver/nvidia/version 2>/dev/null | head -n 1)"
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
