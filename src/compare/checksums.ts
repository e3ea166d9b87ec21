import { type Arms, baselineOf } from '../experiment/baseline.ts';
import type { Plan } from '../plan/plan.ts';
import type { RunRecord } from '../record/run-record.ts';
import type { SampleTable } from '../record/sample-table.ts';
import { completedTable, measuredRuns } from './samples.ts';
import type { Warning } from './warning.ts';

/**
 * Modes whose programs say that they computed something else than in their baseline, each with what to do next.
 * A workload's checksums are compared as sets, since one run of it may print several, each of another problem.
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

/** By workload and mode, of the samples that figures rest on. */
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
      `${mode}, ${workload}: its checksum is ${shown(found)}, and ${shown(expected.checksum)} in ${expected.named}: it computed something else. ` +
      `Don't use its figures before you know why: run ${workload} by hand in both modes and compare what it computes`,
  };
}

function varies(baseline: string, workload: string, count: number): Warning {
  return {
    code: 'checksum-varies',
    text:
      `${workload}: its checksum is another from run to run (${count} in ${baseline}), so that nobody can tell by it whether modes compute the same: ` +
      'give the program the same input each time, or find what makes its result vary',
  };
}

function shown(checksum: string): string {
  return checksum.length > 40 ? `${checksum.slice(0, 40)}…` : checksum;
}
