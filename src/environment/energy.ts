/** Energy used by a machine's CPUs and GPUs, from counters in sysfs. */

/** One counter. Beyond its range it wraps to 0. */
export interface EnergyCounter {
  name: string;
  /** CPUs are whole packages, with everything in them. */
  source: 'cpu' | 'gpu';
  /**
   * µJ; null if unreadable: only root may read RAPL's since CVE-2020-8694, which leaked secrets through them.
   */
  spent: number | null;
  /** In µJ; null if it has no reachable range. */
  range: number | null;
}

/** Energy used, in J, by source; null if a counter can't be read, missing if there is none. */
export interface Energy {
  cpu?: number | null | undefined;
  gpu?: number | null | undefined;
}

/**
 * POSIX sh, without other processes; a line per counter. From RAPL only whole packages, which include cores
 * and the DRAM controller; from a GPU what its driver reports for the whole device. Sources:
 * Documentation/power/powercap/powercap.rst and Documentation/ABI/testing/sysfs-driver-intel-i915-hwmon,
 * sysfs-driver-intel-xe-hwmon of Linux. NVIDIA's total is only available from NVML.
 */
export const ENERGY_SCRIPT = String.raw`{
for vgb_d in /sys/class/powercap/intel-rapl:*; do vgb_n= vgb_e= vgb_m=; read -r vgb_n <"$vgb_d/name"
case $vgb_n in package-*) read -r vgb_e <"$vgb_d/energy_uj"; read -r vgb_m <"$vgb_d/max_energy_range_uj"; echo "cpu $vgb_n ${'$'}{vgb_e:--} ${'$'}{vgb_m:--}";; esac; done
for vgb_d in /sys/class/drm/card[0-9]*/device/hwmon/hwmon*; do vgb_n= vgb_e=; [ -e "$vgb_d/energy1_input" ] && read -r vgb_n <"$vgb_d/name"
case $vgb_n in i915|xe) read -r vgb_e <"$vgb_d/energy1_input"; echo "gpu $vgb_d ${'$'}{vgb_e:--} -";; esac; done
} 2>/dev/null`;

/** More than any machine has. */
const MOST = 64;

/** Reads the output of ENERGY_SCRIPT: hostile text, because it comes from a guest. */
export function parseEnergy(lines: readonly string[]): EnergyCounter[] {
  const found = lines.flatMap((line): EnergyCounter[] => {
    const [, source, name = '', spent, range] =
      /^(cpu|gpu) (\S{1,200}) (\d{1,20}|-) (\d{1,20}|-)$/.exec(line) ?? [];
    if (source !== 'cpu' && source !== 'gpu') return [];
    const number = (text: string | undefined) => (text === undefined || text === '-' ? null : Number(text));
    return [{ name, source, spent: number(spent), range: number(range) }];
  });
  return found.slice(0, MOST);
}

/**
 * Energy used between two readings, in J. A counter that went down has wrapped once: RAPL's 262 kJ last 40
 * minutes at 100 W, and a trial in which it wraps twice goes unnoticed. Missing if the set of counters
 * changed, or one without a range went down.
 */
export function energyBetween(before: readonly EnergyCounter[], after: readonly EnergyCounter[]): Energy {
  const sumOf = (source: EnergyCounter['source']): number | null | undefined => {
    const [was, is] = [before, after].map((all) => all.filter((one) => one.source === source)) as [
      EnergyCounter[],
      EnergyCounter[],
    ];
    if (is.length === 0 || was.length !== is.length) return undefined;
    let sum = 0;
    for (const { name, spent, range } of is) {
      const earlier = was.find((one) => one.name === name);
      if (earlier === undefined) return undefined;
      if (spent === null || earlier.spent === null) return null;
      if (spent < earlier.spent && range === null) return undefined;
      sum += spent - earlier.spent + (spent < earlier.spent ? (range ?? 0) : 0);
    }
    return sum < 0 ? undefined : Number((sum / 1e6).toFixed(6));
  };
  const [cpu, gpu] = [sumOf('cpu'), sumOf('gpu')];
  return { ...(cpu === undefined ? {} : { cpu }), ...(gpu === undefined ? {} : { gpu }) };
}
