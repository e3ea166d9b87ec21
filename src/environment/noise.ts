/** Other load on a target, throttling, and its clocksource. */
export interface NoiseReading {
  load1: number;
  /** CPU time in clock ticks: the total, and what the hypervisor withheld (steal). */
  cpuTotal: number;
  cpuSteal: number;
  /** How many times the CPU was throttled because of heat; null if the kernel does not report it. */
  throttled: number | null;
  /** Its uptime by its own clock, in s, in steps of 0.01; null if the kernel does not report it. */
  uptimeS: number | null;
  /** Linux's name for it: tsc, hpet, xen, kvm-clock. Null if the kernel does not report it. */
  clocksource: string | null;
}

/** Noise between two readings of one target. */
export interface Noise {
  load1: number;
  /** Share of CPU time that the hypervisor withheld from the target (steal), 0 to 1. */
  stealShare: number;
  throttled: number | null;
}

/** Short, and without other processes: it runs in every visit, and in an emulated guest both cost ms. */
export const NOISE_SCRIPT = `{ d=/sys/devices/system; l() { l=; read -r l <$1; }
l /proc/loadavg; echo "$l"
l /proc/stat; echo "$l"
t=; for f in $d/cpu/cpu[0-9]*/thermal_throttle/core_throttle_count; do [ -r "$f" ] && l $f && t=$((\${t:-0}+l)); done; echo "throttled $t"
l $d/clocksource/clocksource0/current_clocksource; echo "clocksource $l"
l /proc/uptime; echo "uptime $l"; } 2>/dev/null`;

/** The clocksource in the output of NOISE_SCRIPT; null if the kernel does not report it. */
function parseClocksource(text: string): string | null {
  return /^clocksource (\S+)$/.exec(text.trim())?.[1]?.slice(0, LONGEST_CLOCKSOURCE) ?? null;
}

/** Far more characters than any name in Linux. */
const LONGEST_CLOCKSOURCE = 40;

/** Reads the output of NOISE_SCRIPT; undefined if the target has no /proc. */
export function parseNoise(text: string): NoiseReading | undefined {
  const [load = '', cpu = '', throttle = '', source = '', up = ''] = text.split('\n');
  const ticks = cpu.trim().split(/\s+/).slice(1, 9).map(Number);
  const load1 = Number(load.split(' ')[0]);
  if (!cpu.startsWith('cpu ') || ticks.length < 8 || !ticks.every(Number.isFinite) || !Number.isFinite(load1))
    return undefined;
  const count = /^throttled (\d+)/.exec(throttle)?.[1];
  const uptime = /^uptime (\d{1,12}\.\d+) /.exec(up)?.[1];
  return {
    load1,
    cpuTotal: ticks.reduce((sum, value) => sum + value, 0),
    cpuSteal: ticks[7] ?? 0,
    throttled: count === undefined ? null : Number(count),
    clocksource: parseClocksource(source),
    uptimeS: uptime === undefined ? null : Number(uptime),
  };
}

/** What happened between two readings. */
export function noiseBetween(before: NoiseReading, after: NoiseReading): Noise {
  const total = after.cpuTotal - before.cpuTotal;
  return {
    load1: after.load1,
    stealShare: total > 0 ? Math.max(0, (after.cpuSteal - before.cpuSteal) / total) : 0,
    throttled:
      before.throttled === null || after.throttled === null ? null : after.throttled - before.throttled,
  };
}

/**
 * More steal than this between two readings is reported, and makes times of modes that poll on both ends
 * void.
 */
export const NOTABLE_STEAL = 0.05;

/** Notable noise of several targets, in words. */
export function notableNoise(
  heard: readonly (Noise & { name: string })[],
  mostSteal = NOTABLE_STEAL,
): string[] {
  const stolen = heard.filter(({ stealShare }) => stealShare > mostSteal);
  const shares = new Set(stolen.map(({ stealShare }) => `${(stealShare * 100).toFixed(0)}%`));
  const names = stolen.map(({ name }) => name).join(', ');
  const throttled = heard.filter((one) => (one.throttled ?? 0) > 0);
  return [
    ...(stolen.length === 0
      ? []
      : [
          `a hypervisor withheld ${[...shares].join(', ')} of the CPU time of ${names} (steal), and times include waiting for a CPU. Give it dedicated CPUs, or stop other load on its host`,
        ]),
    ...throttled.map(
      (one) =>
        `the CPU of ${one.name} was throttled ${one.throttled ?? 0} times because of heat. Cool it, or cap its clock for all modes (cpupower frequency-set --max)`,
    ),
  ];
}
