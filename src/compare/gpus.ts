import { type Arms, baselineOf } from '../experiment/baseline.ts';
import type { RunRecord } from '../record/run-record.ts';
import { maySameGpu } from '../words/gpu.ts';
import type { Warning } from './warning.ts';

type Gpus = RunRecord['gpus'];
type Seen = Pick<RunRecord, 'gpus' | 'shards'>;

/**
 * Whether two modes did their work on the same GPU, as far as both report it, within each shard. A ratio
 * between different GPUs says nothing about how a guest reaches them.
 */
export function onSameGpu(mode: string, baseline: string, record: Seen): boolean {
  return [record.gpus, ...record.shards.map(({ gpus }) => gpus)].every((gpus) =>
    areSame(mode, baseline, gpus),
  );
}

function areSame(mode: string, baseline: string, gpus: Gpus): boolean {
  const [own, others] = [gpus.get(mode), gpus.get(baseline)];
  if (own === undefined || others === undefined) return true;
  return [...own.values()].every((gpu) => [...others.values()].some((other) => maySameGpu(gpu, other)));
}

/** Modes without a ratio because their baseline ran on another GPU. */
export function otherGpus(modes: readonly string[], arms: Arms, record: Seen): Warning[] {
  return modes.flatMap((mode) => {
    const baseline = baselineOf(mode, arms);
    if (baseline === undefined || onSameGpu(mode, baseline, record)) return [];
    const seen = [record.gpus, ...record.shards.map(({ gpus }) => gpus)];
    const of = (one: string) =>
      [...new Set(seen.flatMap((gpus) => [...(gpus.get(one)?.values() ?? [])]))].join(', ');
    const text =
      `${mode} is not compared with ${baseline}: their GPUs differ (${of(mode)}, and ${of(baseline)}). ` +
      'Give it a native mode on its own GPU as its baseline; then the relative performance of the modes can be compared';
    return [{ code: 'other-gpu' as const, text }];
  });
}
