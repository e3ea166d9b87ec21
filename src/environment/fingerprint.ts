import { quote } from '../words/quote.ts';

/** Facts about a target, as text by name: hostile text, because it comes from a guest. */
export type Fingerprint = Record<string, string>;

/**
 * The userspace half of a GPU's driver, as Debian and its derivatives package it: Mesa, and what OpenCL's loader may load. To ask
 * OpenCL itself would start the GPU.
 */
const DRIVER_PACKAGES = `command -v dpkg-query >/dev/null && dpkg-query -W -f '\${db:Status-Status} \${Package} \${Version}\\n' libgl1-mesa-dri mesa-vulkan-drivers '*-opencl-icd' 2>/dev/null | {
vgb_p=
while IFS=' ' read -r vgb_a vgb_l; do [ "$vgb_a" = installed ] && vgb_p="$vgb_p\${vgb_p:+, }$vgb_l"; done
f 'driver packages' "$vgb_p"
}`;

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
sed -n -e 's/^Cpus_allowed_list:[[:space:]]*/affinity /p' -e 's/^HugePages_Total: */hugepages /p' -e 's/.*\[\(.*\)\].*/thp \1/p' /proc/self/status /proc/meminfo /sys/kernel/mm/transparent_hugepage/enabled 2>/dev/null | while IFS=' ' read -r vgb_a vgb_l; do f "$vgb_a" "$vgb_l"; done
file online /sys/devices/system/cpu/online
file numa /sys/devices/system/node/online
file smt /sys/devices/system/cpu/smt/active
f vulnerable "$(cd /sys/devices/system/cpu/vulnerabilities 2>/dev/null && grep -l ^Vulnerable * 2>/dev/null | while read -r vgb_l; do printf '%s ' "$vgb_l"; done)"
file governor /sys/devices/system/cpu/cpu0/cpufreq/scaling_governor
first /sys/hypervisor/version/major && { vgb_a=$vgb_l; first /sys/hypervisor/version/minor; f xen "$vgb_a.$vgb_l"; }
file clocksource /sys/devices/system/clocksource/clocksource0/current_clocksource
file boot /proc/sys/kernel/random/boot_id
file cmdline /proc/cmdline
grep -qs control_d /proc/xen/capabilities && f 'xen cmdline' "$(xl info 2>/dev/null | sed -n 's/^xen_commandline *: //p')"
for d in /sys/class/drm/card[0-9] /sys/class/drm/card[0-9][0-9]; do [ -e "$d/device" ] && f "gpu $(basename "$d")" "$(cat "$d/device/vendor" 2>/dev/null):$(cat "$d/device/device" 2>/dev/null) driver $(basename "$(readlink -f "$d/device/driver" 2>/dev/null)")"; done
file nvidia /proc/driver/nvidia/version && f vbios "$(sed -n 's/^Video BIOS:[[:space:]]*//p' /proc/driver/nvidia/gpus/*/information 2>/dev/null | while read -r vgb_l; do printf '%s ' "$vgb_l"; done)"
${DRIVER_PACKAGES}
file bios /sys/class/dmi/id/bios_version
f sh "$(readlink -f "$(command -v sh)" 2>/dev/null)"
:`;

/** The program of a workload. */
export interface ProgramOfWorkload {
  workload: string;
  program: string;
  directory?: string | undefined;
}

/** Larger files are not read for a digest, in KiB. */
const MOST_KIB = 65_536;

/**
 * Prints the digest of a workload's program. If several are the same file, its digest is computed once,
 * because that takes long for a large one.
 */
const DIGEST = String.raw`vgb_f=; vgb_d=
vgb_digest() {
vgb_l=$(command -v "$2") && [ -f "$vgb_l" ] || return
[ "$vgb_l" -ef "$vgb_f" ] || {
vgb_f=
[ -z "$(find -L "$vgb_l" -size +${MOST_KIB}k 2>/dev/null)" ] && vgb_d=$(sha256sum <"$vgb_l") && vgb_f=$vgb_l || return
}
printf 'program %s\t%.16s\n' "$1" "$vgb_d"
}`;

/** The same, with a digest of each workload's program: the first 16 hex digits of its SHA-256. */
export function fingerprintScript(programs: readonly ProgramOfWorkload[]): string {
  if (programs.length === 0) return FINGERPRINT_SCRIPT;
  const directories = [...new Set(programs.map(({ directory }) => directory))];
  const digests = directories.map((directory) => {
    const told = programs
      .filter((one) => one.directory === directory)
      .map(({ workload, program }) => `vgb_digest ${quote(workload)} ${quote(program)}`);
    return `( ${directory === undefined ? '' : `cd ${quote(directory)} && `}{ ${told.join('; ')}; } ) 2>/dev/null`;
  });
  return [FINGERPRINT_SCRIPT, DIGEST, ...digests, ':'].join('\n');
}

/** Reads the output of FINGERPRINT_SCRIPT. */
export function parseFingerprint(text: string): Fingerprint {
  const facts = text.split('\n').flatMap((line) => {
    const [name, value] = line.split('\t');
    return name === undefined || value === undefined || value === '.'
      ? []
      : [[name.slice(0, 60), value.slice(0, 400)] as const];
  });
  return Object.fromEntries(facts);
}

/** Whether a driver there has a GPU. */
export function hasGpu(fingerprint: Fingerprint): boolean {
  return Object.keys(fingerprint).some((name) => name === 'nvidia' || name.startsWith('gpu '));
}
