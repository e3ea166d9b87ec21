import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Plan } from '../plan/plan.ts';
import { Problem, messageOf } from '../problem.ts';

/** The files of a run directory. All but the first three can be deleted and made again from them. */
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
  if (existsSync(join(directory, FILES.journal)))
    throw new Problem({
      code: 'VGB-RUN-EXISTS',
      message: `${directory} holds a run already`,
      expected: 'a new directory, or one without journal.jsonl',
      found: FILES.journal,
      next: `go on with it: vgpubench resume ${directory}; or name another: --out DIR`,
    });
  try {
    mkdirSync(directory, { recursive: true });
    writeFileSync(join(directory, FILES.experiment), source);
    writeFileSync(join(directory, FILES.plan), planText(plan));
  } catch (error) {
    throw new Problem({
      code: 'VGB-RUN-WRITE',
      message: `cannot write to ${directory}`,
      expected: 'a writable directory',
      found: messageOf(error),
      next: 'name another: --out DIR',
    });
  }
}

export function planText(plan: Plan): string {
  return `${JSON.stringify(plan, null, 1)}\n`;
}

export function readPlan(directory: string): Plan {
  const path = join(directory, FILES.plan);
  try {
    const plan = JSON.parse(readFileSync(path, 'utf8')) as Plan;
    if ((plan.format as number) === 1 && Array.isArray(plan.trials)) return plan;
    throw new Error(`format ${String(plan.format)}`);
  } catch (error) {
    throw new Problem({
      code: 'VGB-RUN-PLAN',
      message: `cannot read ${path}`,
      expected: 'a run directory with a plan of format 1',
      found: messageOf(error),
      next: 'name the directory that vgpubench run printed',
    });
  }
}

/** Writes a derived file whole or not at all. */
export function writeDerived(directory: string, name: string, content: string | Uint8Array): void {
  const path = join(directory, name);
  const partial = `${path}.partial`;
  try {
    writeFileSync(partial, content);
    renameSync(partial, path);
  } catch (error) {
    rmSync(partial, { force: true });
    throw error;
  }
}
