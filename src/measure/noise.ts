import {
  NOISE_SCRIPT,
  NOTABLE_STEAL,
  type NoiseReading,
  noiseBetween,
  notableNoise,
  parseNoise,
} from '../environment/noise.ts';
import type { Visit } from '../plan/plan.ts';
import type { Emit, EventOf } from '../record/event.ts';
import type { Mode, Place } from '../mode/mode.ts';

/** A reading, between two moments of our clock, in ms. */
interface TimedReading extends NoiseReading {
  askedMs: number;
  answeredMs: number;
}

/** The load on each target so far, by name; without those that don't report it. */
export type NoiseReadings = ReadonlyMap<string, TimedReading>;

export async function readNoise(targets: readonly Place[]): Promise<NoiseReadings> {
  const read = await Promise.all(
    targets.map(async (target) => {
      const askedMs = performance.now();
      const reading = parseNoise((await target.run(NOISE_SCRIPT)).stdout);
      const answeredMs = performance.now();
      return [target.name, reading === undefined ? undefined : { ...reading, askedMs, answeredMs }] as const;
    }),
  );
  return new Map(read.flatMap(([name, reading]) => (reading === undefined ? [] : [[name, reading]])));
}

/** A step of the clock that `uptimeS` is read from, in s. */
const TICK_S = 0.01;

/** The time between two readings, by the target's clock and by ours. */
function clockBetween(before: TimedReading, after: TimedReading): { clock?: EventOf<'noise'>['clock'] } {
  // It may have been rebooted meanwhile.
  if (before.uptimeS === null || after.uptimeS === null || after.uptimeS < before.uptimeS) return {};
  // Each time it was asked at some moment between these.
  const least = (after.askedMs - before.answeredMs) / 1000;
  const most = (after.answeredMs - before.askedMs) / 1000;
  return {
    clock: {
      theirsS: after.uptimeS - before.uptimeS,
      oursS: (least + most) / 2,
      withinS: (most - least) / 2 + TICK_S,
    },
  };
}

/**
 * The reason not to trust times of a mode whose ends poll: a hypervisor withheld a CPU from one of them.
 * Undefined if there is none, targets don't report it, or its ends don't poll.
 */
export function againstSteal(
  { polls = false, mostSteal = NOTABLE_STEAL }: Pick<Mode, 'polls' | 'mostSteal'>,
  before: NoiseReadings,
  after: NoiseReadings,
): string | undefined {
  if (!polls) return undefined;
  const stolen = [...after].flatMap(([name, to]) => {
    const from = before.get(name);
    const share = from === undefined ? 0 : noiseBetween(from, to).stealShare;
    return share > mostSteal ? [`${(share * 100).toFixed(0)}% of the CPU time of ${name}`] : [];
  });
  if (stolen.length === 0) return undefined;
  return `a hypervisor withheld ${stolen.join(', and ')} (steal), and both ends of this mode poll, so each crossing waited for a CPU and times are meaningless. Give guest and host dedicated CPUs (xl vcpu-pin), or keep other guests off them, then: vgpubench resume --retry`;
}

/**
 * Noise of each target between two readings; whatever is notable becomes one incident, for all targets
 * together.
 */
export function tellNoise(
  { block, mode }: Visit,
  { mostSteal }: Pick<Mode, 'mostSteal'>,
  targets: readonly Place[],
  before: NoiseReadings,
  after: NoiseReadings,
  emit: Emit,
): void {
  const heard = targets.flatMap(({ name }) => {
    const [from, to] = [before.get(name), after.get(name)];
    return from === undefined || to === undefined
      ? []
      : [{ name, ...noiseBetween(from, to), ...clockBetween(from, to) }];
  });
  for (const { name, ...noise } of heard) emit({ type: 'noise', block, mode, target: name, ...noise });
  const words = notableNoise(heard, mostSteal);
  if (words.length === 0) return;
  const [only] = targets.length === 1 ? targets : [];
  emit({
    type: 'incident',
    kind: 'noise',
    target: only?.name ?? null,
    trial: null,
    text: `block ${block}, ${mode}: ${words.join('; ')}`,
  });
}
