import { join } from 'node:path';
import { Problem } from '../problem.ts';
import { Journal } from '../record/journal.ts';
import { lockRun } from '../record/lock.ts';
import { pendingTrials } from '../record/progress.ts';
import { readRun } from '../record/read-run.ts';
import { FILES } from '../record/run-directory.ts';
import { execute } from './execute.ts';
import { inLab } from './lab-preflight.ts';
import { type GateOptions, gateFor } from './gate.ts';
import { tell } from './output.ts';
import { versions } from './version.ts';

/** `vgpubench resume RUN` */
export async function resume(
  directory: string,
  options: GateOptions & { retry: boolean; json: boolean },
): Promise<number> {
  const path = join(directory, FILES.journal);
  const { experiment, plan, record } = readRun(directory);
  const { token, directory: base } = record;
  if (token === undefined || base === undefined)
    throw new Problem({
      code: 'VGB-RUN-UNSTARTED',
      message: `${directory} was never started`,
      expected: 'a journal that begins with run-started',
      found: record.newest === null ? 'an empty journal' : 'one that begins otherwise',
      next: 'run the experiment again: vgpubench run FILE',
    });
  const gate = gateFor(options, experiment);
  return inLab(experiment, async (lab) => {
    const unlock = lockRun(directory);
    try {
      const pending = pendingTrials(plan, record, options.retry);
      if (!options.json) tell(`${pending.length} of ${plan.trials.length} trials left in ${directory}`);
      return await execute({
        directory,
        experiment,
        plan,
        record,
        journal: Journal.reopen(path),
        base,
        token,
        opening: {
          type: 'run-resumed',
          versions: { ...versions(), ...lab },
          pid: process.pid,
          retry: options.retry,
        },
        retry: options.retry,
        json: options.json,
        gate,
      });
    } finally {
      unlock();
    }
  });
}
