/** A clock that a guest's shell can read, with its measured resolution. */
export interface GuestClock {
  source: 'EPOCHREALTIME' | 'timer_list' | 'date' | 'uptime';
  /** The smallest step between two consecutive readings, in ns, including the cost of reading. */
  tickNs: number;
  monotonic: boolean;
}

/** A duration of fewer ticks than this, of the clock that measured it, is rejected. */
export const MINIMUM_TICKS = 100;

/** What a shell runs to read each source into vgb_t. */
const READ: Record<GuestClock['source'], string> = {
  EPOCHREALTIME: 'vgb_t=$EPOCHREALTIME',
  timer_list: '{ read -r vgb_t; read -r vgb_t; read -r _ _ vgb_t _; } </proc/timer_list',
  date: 'vgb_t=$(date +%s%N)',
  uptime: 'read -r vgb_t _ </proc/uptime',
};

const READINGS = 25;

/** Shell text that defines the function `vgb_clock`, which stores a reading in `vgb_t`. */
export function clockFunction(source: GuestClock['source']): string {
  return `vgb_clock() { ${READ[source]}; }`;
}

/**
 * Shell text that prints a line of readings for each clock of this shell; `date`, which takes a process per
 * reading, only if there is no better one.
 * @param bash Whether bash may be used instead of this shell.
 */
export function clockProbe(bash: boolean): string {
  const loop = (source: GuestClock['source']) =>
    `vgb_i=0; vgb_l=; while [ $vgb_i -lt ${READINGS} ]; do ${READ[source]}; vgb_l="$vgb_l $vgb_t"; vgb_i=$((vgb_i+1)); done; echo "${source}$vgb_l"`;
  return `vgb_t=; vgb_have=
[ -n "\${EPOCHREALTIME:-}" ] && { vgb_have=1; ${loop('EPOCHREALTIME')}; }
[ -r /proc/timer_list ] && { vgb_have=1; ${loop('timer_list')}; } 2>/dev/null
[ -n "$vgb_have" ] || ${bash ? `bash -c '[ -n "$EPOCHREALTIME" ]' 2>/dev/null || ` : ''}case $(date +%s%N 2>/dev/null) in *[!0-9]*|'') ;; ??????????????????*) ${loop('date')} ;; esac
[ -r /proc/uptime ] && { ${loop('uptime')}; }
:`;
}

/** The best clock among a probe's lines: the one with the smallest tick; undefined if there is none. */
export function bestClock(probe: string): GuestClock | undefined {
  const clocks = probe.split('\n').flatMap((line) => {
    const [source, ...readings] = line.trim().split(' ');
    const known = Object.keys(READ).find((name): name is GuestClock['source'] => name === source);
    if (known === undefined || readings.length !== READINGS) return [];
    const values = readings.map((reading) => readingNs(known, reading));
    const steps = values.slice(1).flatMap((value, index) => {
      const before = values[index];
      return value !== undefined && before !== undefined && value > before ? [Number(value - before)] : [];
    });
    // A clock that did not change over all readings has at least the step that its format can show.
    const tickNs = steps.length > 0 ? Math.min(...steps) : known === 'uptime' ? 10_000_000 : undefined;
    return tickNs === undefined
      ? []
      : [{ source: known, tickNs, monotonic: known === 'timer_list' || known === 'uptime' }];
  });
  return clocks.sort((a, b) => a.tickNs - b.tickNs)[0];
}

/** A reading in ns, or undefined if it is not one. */
export function readingNs(source: GuestClock['source'], text: string): bigint | undefined {
  const digits = text.replace(/[.,]/, '');
  if (!/^\d+$/.test(digits)) return undefined;
  if (source === 'EPOCHREALTIME') return BigInt(digits) * 1000n;
  return source === 'uptime' ? BigInt(digits) * 10_000_000n : BigInt(digits);
}

/** The time between two readings in ns, or null if either is missing or time ran backwards. */
export function elapsedNs(source: GuestClock['source'], from: string, to: string): number | null {
  const a = readingNs(source, from);
  const b = readingNs(source, to);
  return a === undefined || b === undefined || b < a ? null : Number(b - a);
}
