import { join } from 'node:path';
import { Journal } from '../record/journal.ts';
import { lockRun } from '../record/lock.ts';
import { readRun } from '../record/read-run.ts';
import { FILES } from '../record/run-directory.ts';
import { type GateOptions, against } from './gate.ts';
import { inLab } from './lab.ts';
import { requireOwnSessions } from './merged.ts';
import { type Outcome, type SessionOptions, carryOut } from './session.ts';
import { sshDigests } from './ssh-digests.ts';
import { requireStarted } from './started.ts';
import { versions } from './version.ts';

export interface ResumeOptions extends GateOptions, SessionOptions {
  /** Also reruns what failed, timed out or was void. */
  retry?: boolean | undefined;
}

/** Continues a run: same plan, no sample lost or repeated. @throws Problem */
export async function resumeRun(directory: string, options: ResumeOptions = {}): Promise<Outcome> {
  // Before it is read: another session may be about to add to it.
  const unlock = lockRun(directory);
  try {
    return await goOn(directory, options);
  } finally {
    unlock();
  }
}

async function goOn(directory: string, options: ResumeOptions): Promise<Outcome> {
  const { experiment, plan, record } = readRun(directory);
  requireOwnSessions(directory, record);
  const { token, base } = requireStarted(directory, record);
  const retry = options.retry ?? false;
  const other = against(options, experiment);
  return inLab(experiment, async (lab) =>
    carryOut(
      {
        ...{ directory, experiment, plan, record, base, token, retry },
        journal: Journal.reopen(join(directory, FILES.journal)),
        opening: {
          type: 'run-resumed',
          ...(await sshDigests(experiment, base)),
          versions: { ...versions(), ...lab },
          pid: process.pid,
          retry,
        },
        against: other,
      },
      options,
    ),
  );
}
