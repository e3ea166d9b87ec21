/** How much energy a machine's CPUs and GPUs have taken, by counters that the kernel has in sysfs. */

/** One counter. It begins anew at 0 beyond its range. */
export interface EnergyCounter {
  name: string;
  /** CPUs are whole packages, with what lies in them. */
  source: 'cpu' | 'gpu';
  /** µJ; null where it can't be read: RAPL's are root's alone since CVE-2020-8694, which told secrets by them. */
  spent: number | null;
  /** In µJ; null where it has none that could be met. */
  range: number | null;
}

/** J that were taken, by source; null where a counter can't be read, absent where there is none. */
export interface Energy {
  cpu?: number | null | undefined;
  gpu?: number | null | undefined;
}

/**
 * POSIX sh, by the shell itself; a line for each counter. Of RAPL whole packages alone, since cores and DRAM's controller are in
 * them; of a GPU what its driver tells of the whole device. Sources: Documentation/power/powercap/powercap.rst and
 * Documentation/ABI/testing/sysfs-driver-intel-i915-hwmon, sysfs-driver-intel-xe-hwmon of Linux. NVIDIA's total is told by NVML alone.
 */
export const ENERGY_SCRIPT = String.raw`{
for vgb_d in /sys/class/powercap/intel-rapl:*; do vgb_n= vgb_e= vgb_m=; read -r vgb_n <"$vgb_d/name"
case $vgb_n in package-*) read -r vgb_e <"$vgb_d/energy_uj"; read -r vgb_m <"$vgb_d/max_energy_range_uj"; echo "cpu $vgb_n ${'$'}{vgb_e:--} ${'$'}{vgb_m:--}";; esac; done
for vgb_d in /sys/class/drm/card[0-9]*/device/hwmon/hwmon*; do vgb_n= vgb_e=; [ -e "$vgb_d/energy1_input" ] && read -r vgb_n <"$vgb_d/name"
case $vgb_n in i915|xe) read -r vgb_e <"$vgb_d/energy1_input"; echo "gpu $vgb_d ${'$'}{vgb_e:--} -";; esac; done
} 2>/dev/null`;

/** More than any machine has. */
const MOST = 64;

/** Reads what ENERGY_SCRIPT printed: hostile text, since a guest says it. */
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
 * What was taken between two readings, in J. A counter that went back has met its range, once: RAPL's 262 kJ last 40
 * minutes at 100 W, and a trial that meets it twice is not found out. Absent where other counters are there than before, or
 * one without a range went back.
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
