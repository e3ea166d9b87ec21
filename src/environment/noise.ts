/** What else a target was busy with, and whether it was held back, since it started; and what tells it the time. */
export interface NoiseReading {
  load1: number;
  /** CPU time in clock ticks: all of it, and what the hypervisor kept from us. */
  cpuTotal: number;
  cpuSteal: number;
  /** Times the CPU was slowed by its own heat; null where the kernel does not tell. */
  throttled: number | null;
  /** How long it has been up by its own clock, in s, in steps of 0.01; null where the kernel does not tell. */
  uptimeS: number | null;
  /** As Linux names it: tsc, hpet, xen, kvm-clock. Null where the kernel does not tell. */
  clocksource: string | null;
}

/** Noise between two readings of one target. */
export interface Noise {
  load1: number;
  /** Share of CPU time that the hypervisor kept from the target, 0 to 1. */
  stealShare: number;
  throttled: number | null;
}

/** Short, and without a process: it is run in every visit, and in an emulated guest both cost ms. */
export const NOISE_SCRIPT = `{ d=/sys/devices/system; l() { l=; read -r l <$1; }
l /proc/loadavg; echo "$l"
l /proc/stat; echo "$l"
t=; for f in $d/cpu/cpu[0-9]*/thermal_throttle/core_throttle_count; do [ -r "$f" ] && l $f && t=$((\${t:-0}+l)); done; echo "throttled $t"
l $d/clocksource/clocksource0/current_clocksource; echo "clocksource $l"
l /proc/uptime; echo "uptime $l"; } 2>/dev/null`;

/** Of NOISE_SCRIPT's lines, the clocksource; null where the kernel does not tell. */
function parseClocksource(text: string): string | null {
  return /^clocksource (\S+)$/.exec(text.trim())?.[1]?.slice(0, LONGEST_CLOCKSOURCE) ?? null;
}

/** Far beyond what Linux calls one. */
const LONGEST_CLOCKSOURCE = 40;

/** Reads what NOISE_SCRIPT printed; undefined where the target has no /proc. */
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

/** More steal than this between two readings is worth a word; and what polls on both ends is no longer timed. */
export const NOTABLE_STEAL = 0.05;

/** What is notable of the noise of several targets, in words. */
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
          `a hypervisor kept ${[...shares].join(', ')} of the CPU time of ${names}: what programs there waited for a CPU is in their times. Give it CPUs of its own, or stop what else runs on its host`,
        ]),
    ...throttled.map(
      (one) =>
        `the CPU of ${one.name} was throttled ${one.throttled ?? 0} times: it was too hot, and slower than before. Cool it, or cap its clock for all modes (cpupower frequency-set --max)`,
    ),
  ];
}
