import { accessSync, constants, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readText } from '../experiment/read-text.ts';
import { type Plan, planSchema } from '../plan/plan.ts';
import { isRunning } from '../process/process-id.ts';
import { Problem, messageOf } from '../problem.ts';
import { makeDirectory } from './make-directory.ts';
import { quote } from '../words/quote.ts';
import { expectation, firstIssue } from '../words/expectation.ts';

/** A plan of the most trials there may be, with the longest names, is smaller. */
export const MOST_PLAN_BYTES = 2 ** 28;

/** The files of a run directory. All but the first three can be regenerated from them. */
export const FILES = {
  experiment: 'experiment.yaml',
  plan: 'plan.json',
  journal: 'journal.jsonl',
  results: 'results.json',
} as const;

/** `reports/<name>-<yyyymmdd-hhmmss>-<seed>`. */
export function defaultRunDirectory(name: string, seed: number, now: Date): string {
  const stamp = now.toISOString().replace(/[-:]/g, '').replace('T', '-').slice(0, 15);
  return join('reports', `${name}-${stamp}-${seed}`);
}

/** Makes a run directory and writes the experiment and the plan down. @throws Problem where there is one. */
export function createRunDirectory(directory: string, source: string, plan: Plan): void {
  makeRunDirectory(directory);
  writing(directory, () => {
    writeFileSync(join(directory, FILES.experiment), source);
    writeFileSync(join(directory, FILES.plan), planText(plan));
  });
}

/** Makes the directory alone, to be locked before anything is written. @throws Problem where there is a run in it. */
export function makeRunDirectory(directory: string): void {
  writing(directory, () => {
    makeDirectory(directory);
  });
  // One of which not even the first event could be written has measured nothing.
  if ((statSync(join(directory, FILES.journal), { throwIfNoEntry: false })?.size ?? 0) > 0)
    throw new Problem({
      code: 'VGB-RUN-EXISTS',
      message: `${directory} holds a run already`,
      expected: 'a new directory, or one without journal.jsonl',
      found: FILES.journal,
      next: `go on with it: vgpubench resume ${quote(directory)}; or name another: --out DIR`,
    });
}

/** @throws Problem where a run directory can't be written to. */
export function requireWritable(directory: string): void {
  writing(directory, () => {
    accessSync(directory, constants.W_OK | constants.X_OK);
  });
}

/** What is done to a run directory. @throws Problem where that can't be. */
export function writing<T>(directory: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new Problem(
      {
        code: 'VGB-RUN-WRITE',
        message: `cannot write to ${directory === '' ? 'a directory without a name' : directory}`,
        expected: 'a directory that can be written to, or made',
        found: messageOf(error),
        next: 'name another (--out DIR), or make it writable',
        exitCode: code === 'ENOSPC' || code === 'EDQUOT' || code === 'EIO' ? 4 : 2,
      },
      { cause: error },
    );
  }
}

export function planText(plan: Plan): string {
  return `${JSON.stringify(plan, null, 1)}\n`;
}

/** @throws Problem */
export function readPlan(directory: string): Plan {
  const path = join(directory, FILES.plan);
  try {
    const parsed = planSchema.safeParse(JSON.parse(readText(path, MOST_PLAN_BYTES)), { error: expectation });
    if (parsed.success) return parsed.data;
    throw new Error(firstIssue(parsed.error));
  } catch (error) {
    throw badPlan(path, messageOf(error));
  }
}

export function badPlan(path: string, found: string): Problem {
  return new Problem({
    code: 'VGB-RUN-PLAN',
    message: `cannot read ${path}`,
    expected: 'the plan.json of a run, of format 1, as vgpubench run wrote it beside its experiment.yaml',
    found,
    next: 'name the directory that vgpubench run printed, or restore the file from a copy',
  });
}

const PARTIAL = /\.(\d+)\.partial$/;

/** Removes what processes that were killed left of derived files. */
export function sweepPartial(directory: string): void {
  for (const name of readdirSync(directory)) {
    const pid = Number(PARTIAL.exec(name)?.[1] ?? 0);
    if (pid > 0 && !isRunning({ pid, startTicks: 0 })) rmSync(join(directory, name), { force: true });
  }
}

/** Writes a derived file whole or not at all. */
export function writeDerived(directory: string, name: string, content: string | Uint8Array): void {
  const path = join(directory, name);
  const partial = `${path}.${process.pid}.partial`;
  try {
    writeFileSync(partial, content);
    renameSync(partial, path);
  } catch (error) {
    rmSync(partial, { force: true });
    throw error;
  }
}
