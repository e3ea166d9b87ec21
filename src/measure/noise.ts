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

/** What a target has been busy with so far; undefined where it does not tell. */
export async function readNoise(target: Place): Promise<NoiseReading | undefined> {
  return parseNoise((await target.run(NOISE_SCRIPT)).stdout);
}

/** Noise of each target since `before`, and what is notable of it as one incident, however many targets there are. */
export async function tellNoise(
  { block, mode }: Visit,
  targets: readonly Place[],
  before: readonly (NoiseReading | undefined)[],
  emit: Emit,
): Promise<void> {
  const after = await Promise.all(targets.map(readNoise));
  const heard = targets.flatMap(({ name }, index) => {
    const [from, to] = [before[index], after[index]];
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
