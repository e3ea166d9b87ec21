import { join } from 'node:path';
import { suspiciousIn } from '../gate/confirmed.ts';
import { Journal } from '../record/journal.ts';
import { FILES } from '../record/run-directory.ts';
import { type OpenRun, type Outcome, type SessionOptions, carryOut } from './session.ts';

/**
 * If a gate has cells that look slower or are inconclusive: continues the run for this many more blocks of
 * their modes and workloads, and judges those cells by the fresh blocks alone. The outcome is unchanged if
 * there are no such cells.
 */
export async function confirm(
  run: OpenRun,
  outcome: Outcome,
  blocks: number | undefined,
  options: SessionOptions,
): Promise<Outcome> {
  const suspicious = outcome.gate === undefined ? [] : suspiciousIn(outcome.gate);
  if (blocks === undefined || suspicious.length === 0) return outcome;
  const { ssh, versions, pid } = run.opening;
  return carryOut(
    {
      ...run,
      journal: Journal.reopen(join(run.directory, FILES.journal)),
      opening: { type: 'run-resumed', ...(ssh === undefined ? {} : { ssh }), versions, pid, retry: false },
      adding: {
        blocks,
        only: {
          modes: [...new Set(suspicious.map(({ mode }) => mode))],
          workloads: [...new Set(suspicious.map(({ workload }) => workload))],
        },
      },
    },
    options,
  );
}
