import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { controlDirectory } from '../process/control-directory.ts';
import { labNeeds } from '../experiment/lab-targets.ts';
import { makeTargets } from '../measure/session.ts';
import { undoAll } from '../measure/undo.ts';
import { Journal } from '../record/journal.ts';
import { lockRun } from '../record/lock.ts';
import { readRun } from '../record/read-run.ts';
import { FILES } from '../record/run-directory.ts';
import { addressOf } from './address.ts';
import { withLab } from './lab.ts';
import { oneLine, print, printJson } from './output.ts';

/** `vgpubench restore RUN`: puts every target back, after any crash. */
export async function restore(directory: string, options: { json: boolean }): Promise<number> {
  const run = readRun(directory);
  const work = () => putBack(directory, run, options);
  return labNeeds(run.experiment) === undefined ? work() : withLab(work);
}

async function putBack(
  directory: string,
  { experiment, record }: ReturnType<typeof readRun>,
  options: { json: boolean },
): Promise<number> {
  const { directory: base = '.' } = record;
  const pendingUndo = [...record.pendingUndo.values()].reverse();
  const unlock = lockRun(directory);
  const journal = Journal.reopen(join(directory, FILES.journal));
  const control = controlDirectory();
  const targets = makeTargets(experiment, control, (target) => addressOf(target, base));
  const done: { target: string; script: string; ok: boolean; output: string }[] = [];
  journal.listen((event) => {
    if (event.type !== 'undone') return;
    const undo = pendingUndo.find(({ id }) => id === event.id);
    done.push({ target: undo?.target ?? '', script: undo?.script ?? '', ok: event.ok, output: event.output });
    if (!options.json)
      print(
        `${event.ok ? '✓' : '✗'} ${undo?.target ?? ''}: ${oneLine(undo?.script ?? '')}${event.ok ? '' : ` (${oneLine(event.output)})`}`,
      );
  });
  try {
    const ok = await undoAll(pendingUndo, targets, (body) => {
      journal.append(body);
    });
    if (options.json) printJson({ restored: done });
    else
      print(
        pendingUndo.length === 0
          ? 'nothing to put back'
          : ok
            ? 'all put back'
            : 'not all could be put back; it is safe to run this again',
      );
    return ok ? 0 : 4;
  } finally {
    journal.close();
    await Promise.all([...targets.values()].map((target) => target.close()));
    rmSync(control, { recursive: true, force: true });
    unlock();
  }
}
