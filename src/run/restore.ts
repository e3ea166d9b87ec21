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
 * Undoes all changes of a run on its targets, even after a crash. It is safe to repeat.
 * @param tell Called for each change as it is undone.
 * @returns every pending change; empty if there was nothing to undo.
 * @throws Problem, including when all was undone but the journal could not record it or has unreadable lines.
 */
export async function restoreRun(
  directory: string,
  tell: (restored: Restored) => void = () => undefined,
): Promise<Restored[]> {
  // Before it is read: a session still running would have changes of its own.
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
    message: `${join(directory, FILES.journal)} has invalid lines`,
    details: lost.slice(0, MOST_LINES),
    expected: 'lines as written by vgpubench',
    found: `${lost.length} lines that are not events, or are out of place`,
    next: 'changes recorded in the other lines were undone; check the targets for changes that these may have recorded',
    exitCode: 4,
  });
}

/** This many are listed individually. */
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
