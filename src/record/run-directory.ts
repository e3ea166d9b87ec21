import { accessSync, constants, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readText } from '../experiment/read-text.ts';
import { type Plan, planSchema } from '../plan/plan.ts';
import { isRunning } from '../process/process-id.ts';
import { Problem, messageOf } from '../problem.ts';
import { makeDirectory } from './make-directory.ts';
import { quote } from '../words/quote.ts';
import { expectation, firstIssue } from '../words/expectation.ts';

/** A plan with the maximum number of trials, and the longest names, is smaller. */
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

/** Creates a run directory and writes the experiment and the plan. @throws Problem if there is one. */
export function createRunDirectory(directory: string, source: string, plan: Plan): void {
  makeRunDirectory(directory);
  writing(directory, () => {
    writeFileSync(join(directory, FILES.experiment), source);
    writeFileSync(join(directory, FILES.plan), planText(plan));
  });
}

/**
 * Creates the directory alone, to be locked before anything is written. @throws Problem if it contains a run.
 */
export function makeRunDirectory(directory: string): void {
  writing(directory, () => {
    makeDirectory(directory);
  });
  // If not even the first event could be written, nothing was measured.
  if ((statSync(join(directory, FILES.journal), { throwIfNoEntry: false })?.size ?? 0) > 0)
    throw new Problem({
      code: 'VGB-RUN-EXISTS',
      message: `${directory} already contains a run`,
      expected: 'a new directory, or one without journal.jsonl',
      found: FILES.journal,
      next: `to continue it: vgpubench resume ${quote(directory)}; or choose another: --out DIR`,
    });
}

/** @throws Problem if a run directory can't be written to. */
export function requireWritable(directory: string): void {
  writing(directory, () => {
    accessSync(directory, constants.W_OK | constants.X_OK);
  });
}

/** An operation on a run directory. @throws Problem if it fails. */
export function writing<T>(directory: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new Problem(
      {
        code: 'VGB-RUN-WRITE',
        message: `cannot write to ${directory === '' ? 'a directory without a name' : directory}`,
        expected: 'a writable directory',
        found: messageOf(error),
        next: 'choose another (--out DIR), or make it writable',
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
    expected: 'the plan.json of a run, of format 1, as written by vgpubench run next to its experiment.yaml',
    found,
    next: 'use the directory that vgpubench run printed, or restore the file from a copy',
  });
}

const PARTIAL = /\.(\d+)\.partial$/;

/** Removes derived files that killed processes left half-written. */
export function sweepPartial(directory: string): void {
  for (const name of readdirSync(directory)) {
    const pid = Number(PARTIAL.exec(name)?.[1] ?? 0);
    if (pid > 0 && !isRunning({ pid, startTicks: 0 })) rmSync(join(directory, name), { force: true });
  }
}

/** Writes a derived file completely or not at all. */
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
