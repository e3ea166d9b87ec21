import { type Arms, baselineOf } from '../experiment/baseline.ts';
import type { RunRecord } from '../record/run-record.ts';
import { maySameGpu } from '../words/gpu.ts';
import type { Warning } from './warning.ts';

type Gpus = RunRecord['gpus'];
type Seen = Pick<RunRecord, 'gpus' | 'shards'>;

/**
 * Whether the work of two modes was done by the same GPU, as far as both tell, in each shard for itself. A ratio of one
 * GPU's figure to another's says nothing of how a guest reaches it.
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

/** Modes of which no ratio is told, since their baseline is on another GPU. */
export function otherGpus(modes: readonly string[], arms: Arms, record: Seen): Warning[] {
  return modes.flatMap((mode) => {
    const baseline = baselineOf(mode, arms);
    if (baseline === undefined || onSameGpu(mode, baseline, record)) return [];
    const seen = [record.gpus, ...record.shards.map(({ gpus }) => gpus)];
    const of = (one: string) =>
      [...new Set(seen.flatMap((gpus) => [...(gpus.get(one)?.values() ?? [])]))].join(', ');
    const text =
      `${mode} is not compared with ${baseline}: their GPUs differ (${of(mode)}, and ${of(baseline)}). ` +
      'Give it a native mode on its own GPU as its baseline: the shares that each mode keeps of its own may then be compared';
    return [{ code: 'other-gpu' as const, text }];
  });
}
