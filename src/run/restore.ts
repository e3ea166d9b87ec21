import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { labNeeds } from '../experiment/lab-targets.ts';
import { leaveAnswering } from '../measure/leave.ts';
import { Machines } from '../measure/machines.ts';
import { makeTargets, useOf } from '../measure/targets.ts';
import { controlDirectory } from '../process/control-directory.ts';
import { Problem } from '../problem.ts';
import type { EventBody } from '../record/event.ts';
import { fold } from '../record/fold.ts';
import { Journal } from '../record/journal.ts';
import { lockRun } from '../record/lock.ts';
import { type Run, readTargets } from '../record/read-run.ts';
import { FILES } from '../record/run-directory.ts';
import { addressOf } from './address.ts';
import { withLab } from './lab.ts';
import { requireOwnSessions } from './merged.ts';
import { telling } from './telling.ts';

/** One change that was to be undone. */
export interface Restored {
  target: string;
  script: string;
  ok: boolean;
  output: string;
}

/**
 * Puts every target of a run back, after any crash. It is safe to do so again.
 * @param tell Hears of each change as it is undone.
 * @returns every change that was pending; none where there was nothing to put back.
 * @throws Problem, also where all was put back, and the journal could not say so or has lines that can't be read.
 */
export async function restoreRun(
  directory: string,
  tell: (restored: Restored) => void = () => undefined,
): Promise<Restored[]> {
  // Before it is read: a session that goes on meanwhile has changes of its own.
  const unlock = lockRun(directory);
  try {
    const lost: string[] = [];
    const run = readTargets(directory, (line, found) => lost.push(`line ${line}: ${found}`));
    requireOwnSessions(directory, run.record);
    const work = () => putBack(directory, run, tell);
    const restored = await (labNeeds(run.experiment) === undefined ? work() : withLab(work));
    if (lost.length > 0) throw linesLost(directory, lost);
    return restored;
  } finally {
    unlock();
  }
}

function linesLost(directory: string, lost: readonly string[]): Problem {
  return new Problem({
    code: 'VGB-JOURNAL-LINE',
    message: `${join(directory, FILES.journal)} has lines that can’t be relied on`,
    details: lost.slice(0, MOST_LINES),
    expected: 'lines that vgpubench wrote, untouched',
    found: `${lost.length} that are no events, or not where they were written`,
    next: 'what the others tell was put back; look at the targets for what these may have told',
    exitCode: 4,
  });
}

/** So many are told one by one. */
const MOST_LINES = 10;

async function putBack(
  directory: string,
  { experiment, record }: Pick<Run, 'experiment' | 'record'>,
  tell: (restored: Restored) => void,
): Promise<Restored[]> {
  const { directory: base = '.' } = record;
  const control = await controlDirectory();
  const journal = Journal.reopen(join(directory, FILES.journal));
  const { emit, failure, interrupt } = telling(journal, record);
  journal.listen((event) => {
    fold(record, event);
  });
  const { token } = record;
  const use = token === undefined ? undefined : useOf(experiment, token, record);
  const targets = makeTargets(experiment, control, (target) => addressOf(target, base), use);
  const done: Restored[] = [];
  try {
    const observed = (body: EventBody) => {
      const { target = '', script = '' } =
        body.type === 'undone'
          ? (record.pendingUndo.get(body.id) ?? {})
          : body.type === 'machine-returned'
            ? { target: body.machine, script: 'restarted as it was found' }
            : {};
      emit(body);
      if (body.type !== 'undone' && body.type !== 'machine-returned') return;
      const restored = { target, script, ok: body.ok, output: body.output };
      done.push(restored);
      tell(restored);
    };
    const machines = new Machines({ experiment, targets, record, emit: observed, interrupt });
    await machines.find();
    await machines.undoEverywhere(() => [...record.pendingUndo.values()]);
    await leaveAnswering(targets, emit);
    await machines.putBack();
    const unkept = failure();
    if (unkept !== undefined) throw unkept.cause;
    return done;
  } finally {
    journal.close();
    await Promise.all([...targets.values()].map((target) => target.close()));
    rmSync(control, { recursive: true, force: true });
  }
}
