import { z } from 'zod';
import type { Experiment, ModeSpec } from '../experiment/schema.ts';
import { workloadName } from '../experiment/workload-schema.ts';
import type { Plan } from '../plan/plan.ts';
import type { Event, ProbeVerdict } from '../record/event.ts';
import { completedSamples } from './samples.ts';
import { attestedBy } from './attested.ts';

export const isolationSchema = z.object({
  mode: z.string(),
  probe: z.string().describe('The workload that tries what a guest must not be able to do.'),
  verdict: z
    .enum(['refused', 'allowed', 'not-applicable', 'none'])
    .describe(
      'The worst of its runs: one that was allowed counts for all. `none` without a completed trial.',
    ),
  byDesign: z
    .boolean()
    .describe('The mode gives the whole GPU to whoever runs in it: what it allows breaks no promise.'),
  breach: z.boolean().describe('Allowed, and not by design.'),
  refused: z.int().describe('Runs that were refused; warm-up runs count too.'),
  allowed: z.int(),
  notApplicable: z.int(),
  attested: z.boolean().describe('Every visit it rests on was proved, before and after.'),
  evidence: z.string().describe('What the probe saw in the newest run of that verdict.'),
});

type IsolationRow = z.output<typeof isolationSchema>;
type Found = { block: number; verdict: ProbeVerdict };

/** From bad to good: a boundary that held nine times in ten did not hold. */
const WORST_FIRST = ['allowed', 'not-applicable', 'refused'] as const;

/** What became of each probe in each mode, in the order of the experiment file. */
export function isolationOf(experiment: Experiment, plan: Plan, events: readonly Event[]): IsolationRow[] {
  const probes = experiment.workloads.filter(({ use }) => use === 'probe').map(workloadName);
  if (probes.length === 0) return [];
  const found = verdictsOf(plan, events);
  return Object.entries(experiment.modes).flatMap(([mode, spec]) =>
    probes.map((probe) =>
      rowOf(mode, probe, reachesAll(spec), found.get(JSON.stringify([mode, probe])) ?? [], events),
    ),
  );
}

function rowOf(
  mode: string,
  probe: string,
  byDesign: boolean,
  found: readonly Found[],
  events: readonly Event[],
): IsolationRow {
  const count = (outcome: string): number => found.filter((one) => one.verdict.outcome === outcome).length;
  const verdict = WORST_FIRST.find((outcome) => count(outcome) > 0) ?? 'none';
  const blocks = [...new Set(found.map(({ block }) => block))];
  return {
    mode,
    probe,
    verdict,
    byDesign,
    breach: verdict === 'allowed' && !byDesign,
    refused: count('refused'),
    allowed: count('allowed'),
    notApplicable: count('not-applicable'),
    attested: attestedBy(events)(mode, blocks),
    evidence: found.filter((one) => one.verdict.outcome === verdict).at(-1)?.verdict.evidence ?? '',
  };
}

/** Modes whose code owns the GPU: there is nobody to be kept apart from. */
function reachesAll({ use }: ModeSpec): boolean {
  return use === 'native' || use === 'lab-native' || use === 'lab-passthrough';
}

/** The verdicts of completed trials, by mode and probe, warm-ups included: a probe has nothing to warm up. */
function verdictsOf(plan: Plan, events: readonly Event[]): Map<string, Found[]> {
  const found = new Map<string, Found[]>();
  const planned = new Map(plan.trials.map((trial) => [trial.id, trial]));
  for (const sample of completedSamples(events)) {
    const trial = planned.get(sample.trial);
    if (trial === undefined) continue;
    const key = JSON.stringify([trial.mode, trial.workload]);
    const own = found.get(key) ?? [];
    for (const { readings } of sample.guests)
      for (const { verdict } of readings)
        if (verdict !== undefined) own.push({ block: trial.block, verdict });
    if (own.length > 0) found.set(key, own);
  }
  return found;
}
