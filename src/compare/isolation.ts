import { z } from 'zod';
import type { Experiment } from '../experiment/schema.ts';
import { modeKindOf } from '../mode/kinds.ts';
import { workloadsThatYield } from '../workload/kinds.ts';
import { isLeftOut } from '../experiment/part.ts';
import type { Plan } from '../plan/plan.ts';
import type { ProbeVerdict } from '../record/event.ts';
import type { RunRecord } from '../record/run-record.ts';
import { completedTrials } from './samples.ts';
import { attestedBy } from './attested.ts';

export const isolationSchema = z.object({
  mode: z.string(),
  probe: z.string().describe('The workload that attempts what a guest must not be able to do.'),
  verdict: z
    .enum(['refused', 'allowed', 'not-applicable', 'none'])
    .describe(
      'The worst result of its runs: a single allowed one decides. `none` without a completed trial.',
    ),
  byDesign: z
    .boolean()
    .describe('The mode gives the whole GPU to one guest, so whatever it allows is by design.'),
  breach: z.boolean().describe('Allowed, and not by design.'),
  refused: z.int().describe('Runs that were refused; warm-up runs count too.'),
  allowed: z.int(),
  notApplicable: z.int(),
  attested: z.boolean().describe('Every visit it is based on was attested, before and after.'),
  evidence: z.string().describe('What the probe saw in the newest run with that verdict.'),
});

type IsolationRow = z.output<typeof isolationSchema>;
type Found = { block: number; verdict: ProbeVerdict };

/** From good to bad: a boundary that held nine times in ten did not hold. */
const WORST_FIRST = ['allowed', 'not-applicable', 'refused'] as const;

/** The result of each probe in each mode, in the order of the experiment file. */
export function isolationOf(experiment: Experiment, plan: Plan, record: RunRecord): IsolationRow[] {
  const probes = workloadsThatYield('verdict', experiment);
  if (probes.length === 0) return [];
  const found = verdictsOf(plan, record);
  const attested = attestedBy(record);
  return Object.entries(experiment.modes).flatMap(([mode, spec]) =>
    probes
      .filter((workload) => !isLeftOut(plan.leftOut, { mode, workload }))
      .map((probe) =>
        rowOf(
          mode,
          probe,
          modeKindOf(spec).facts.ownsGpu,
          found.get(JSON.stringify([mode, probe])) ?? [],
          attested,
        ),
      ),
  );
}

function rowOf(
  mode: string,
  probe: string,
  byDesign: boolean,
  found: readonly Found[],
  attested: ReturnType<typeof attestedBy>,
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
    attested: attested(mode, blocks),
    evidence: found.filter((one) => one.verdict.outcome === verdict).at(-1)?.verdict.evidence ?? '',
  };
}

/**
 * The verdicts of completed trials, by mode and probe, including warm-ups: a probe has nothing to warm up.
 */
function verdictsOf(plan: Plan, record: RunRecord): Map<string, Found[]> {
  const found = new Map<string, Found[]>();
  for (const { trial, table } of completedTrials(plan, record)) {
    if (table.verdicts.size === 0) continue;
    const key = JSON.stringify([trial.mode, trial.workload]);
    const own = [...table.verdicts.values()].map((verdict) => ({ block: trial.block, verdict }));
    found.set(key, [...(found.get(key) ?? []), ...own]);
  }
  return found;
}
