import { type Arms, baselineOf } from '../experiment/baseline.ts';
import type { Plan } from '../plan/plan.ts';
import type { RunRecord } from '../record/run-record.ts';
import type { SampleTable } from '../record/sample-table.ts';
import { completedTable, measuredRuns } from './samples.ts';
import type { Warning } from './warning.ts';

/**
 * Modes whose programs report a different result than in their baseline, each with the next step. A
 * workload's checksums are compared as sets, because one run may print several, one per problem.
 */
export function checksumDoubts(arms: Arms, plan: Plan, record: RunRecord): Warning[] {
  const told = checksumsOf(plan, record);
  return [...told].flatMap(([workload, modes]) => {
    const varying = new Set<string>();
    return [...modes].flatMap(([mode, found]): Warning[] => {
      const baseline = baselineOf(mode, arms);
      const expected = baseline === undefined ? undefined : modes.get(baseline);
      const other = expected && [...found].find((checksum) => !expected.has(checksum));
      if (baseline === undefined || expected === undefined || other === undefined) return [];
      const [first = ''] = expected;
      const named = baseline === arms.baseline ? 'the baseline' : baseline;
      if (expected.size === 1) return [differs(mode, workload, other, { named, checksum: first })];
      if (varying.has(baseline)) return [];
      varying.add(baseline);
      return [varies(baseline, workload, expected.size)];
    });
  });
}

/** By workload and mode, for the samples that figures are based on. */
function checksumsOf(plan: Plan, record: RunRecord): Map<string, Map<string, Set<string>>> {
  const told = new Map<string, Map<string, Set<string>>>();
  for (const { id, mode, workload } of plan.trials)
    for (const checksum of measuredChecksums(completedTable(record, id))) {
      const modes = told.get(workload) ?? new Map<string, Set<string>>();
      told.set(workload, modes.set(mode, (modes.get(mode) ?? new Set()).add(checksum)));
    }
  return told;
}

function measuredChecksums(table: SampleTable | undefined): string[] {
  if (table === undefined || table.checksums.size === 0) return [];
  return [...measuredRuns(table)].flatMap(({ from, to }) =>
    Array.from({ length: to - from }, (_, at) => table.checksums.get(from + at) ?? []).flat(),
  );
}

function differs(
  mode: string,
  workload: string,
  found: string,
  expected: { named: string; checksum: string },
): Warning {
  return {
    code: 'checksum-differs',
    text:
      `${mode}, ${workload}: its checksum is ${shown(found)}, but ${shown(expected.checksum)} in ${expected.named}, so it computed something else. ` +
      `Don't use its figures until you know why: run ${workload} by hand in both modes and compare the results`,
  };
}

function varies(baseline: string, workload: string, count: number): Warning {
  return {
    code: 'checksum-varies',
    text:
      `${workload}: its checksum varies from run to run (${count} in ${baseline}), so it can’t show whether modes compute the same: ` +
      'give the program the same input each time, or find out why its result varies',
  };
}

function shown(checksum: string): string {
  return checksum.length > 40 ? `${checksum.slice(0, 40)}…` : checksum;
}
