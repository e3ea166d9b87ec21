import {
  NOISE_SCRIPT,
  type NoiseReading,
  noiseBetween,
  notableNoise,
  parseNoise,
} from '../environment/noise.ts';
import type { Visit } from '../plan/plan.ts';
import type { Emit } from '../record/event.ts';
import type { Place } from '../mode/mode.ts';

/** What each target has been busy with so far, by name; without those that don't tell. */
export type NoiseReadings = ReadonlyMap<string, NoiseReading>;

export async function readNoise(targets: readonly Place[]): Promise<NoiseReadings> {
  const read = await Promise.all(
    targets.map(
      async (target) => [target.name, parseNoise((await target.run(NOISE_SCRIPT)).stdout)] as const,
    ),
  );
  return new Map(read.flatMap(([name, reading]) => (reading === undefined ? [] : [[name, reading]])));
}

/** Noise of each target between two readings, and what is notable of it as one incident, however many targets there are. */
export function tellNoise(
  { block, mode }: Visit,
  targets: readonly Place[],
  before: NoiseReadings,
  after: NoiseReadings,
  emit: Emit,
): void {
  const heard = targets.flatMap(({ name }) => {
    const [from, to] = [before.get(name), after.get(name)];
    return from === undefined || to === undefined ? [] : [{ name, ...noiseBetween(from, to) }];
  });
  for (const { name, ...noise } of heard) emit({ type: 'noise', block, mode, target: name, ...noise });
  const words = notableNoise(heard);
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
