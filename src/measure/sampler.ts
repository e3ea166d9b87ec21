import { Bench } from 'tinybench';

export interface SamplerOptions {
  warmup: number;
  samples: number;
  /**
   * Runs the workload once and returns its duration in ms, by the guest's clock. `index` counts from 0,
   * separately for warm-ups and samples.
   */
  runOnce: (index: number, warmup: boolean) => Promise<number>;
  signal?: AbortSignal | undefined;
}

/**
 * The sampler of a trial: tinybench's loop over one task, behind this one adapter. It requires from us:
 * - `async: true`, or `add` probes the task by calling it once: an unwanted sample.
 * - It silently replaces an unusable duration by wall time, so durations are checked here.
 * - `overriddenIterationCost`, or its time budget counts the guest's clock instead of ours.
 * - It runs warm-ups of all tasks before any sample, so each trial is a Bench of its own and the plan
 * interleaves.
 * - It keeps samples sorted, if at all; the ordered series is in the journal.
 * - A throw ends the task: what was measured before is already in the journal.
 *
 * @throws whatever `runOnce` threw.
 */
export async function sampleTrial({ warmup, samples, runOnce, signal }: SamplerOptions): Promise<void> {
  if (samples === 0) return;
  const bench = new Bench({
    iterations: samples,
    time: 0,
    warmup: warmup > 0,
    warmupIterations: warmup,
    warmupTime: 0,
    retainSamples: false,
    throws: true,
    ...(signal === undefined ? {} : { signal }),
  });
  let index = 0;
  let warming = false;
  const task = async () => {
    const started = performance.now();
    const durationMs = await runOnce(index++, warming);
    if (!Number.isFinite(durationMs) || durationMs < 0)
      throw new RangeError(`a duration must be a number of ms, found ${durationMs}`);
    return { overriddenDuration: durationMs, overriddenIterationCost: performance.now() - started };
  };
  bench.add('trial', task, {
    async: true,
    beforeAll: (phase) => {
      warming = phase === 'warmup';
      index = 0;
    },
  });
  await bench.run();
}
