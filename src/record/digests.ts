import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { readBytes } from '../experiment/read-text.ts';
import { Problem, messageOf } from '../problem.ts';
import { FILES, MOST_PLAN_BYTES } from './run-directory.ts';

/** The files that a run began with, as SHA-256 in hex. */
export interface Digests {
  experiment: string;
  plan: string;
}

/** Of the files as they are now in a run directory. @throws Problem */
export function digestsOf(directory: string): Digests {
  return { experiment: digestOf(directory, FILES.experiment), plan: digestOf(directory, FILES.plan) };
}

/**
 * A file that was edited after the run would change the meaning of what was measured: inverting `better`
 * inverts every verdict.
 * @throws Problem
 */
export function requireUntouched(directory: string, digests: Digests): void {
  const found = digestsOf(directory);
  for (const name of ['experiment', 'plan'] as const) {
    if (found[name] === digests[name]) continue;
    throw new Problem({
      code: 'VGB-RUN-EDITED',
      message: `${join(directory, FILES[name])} was edited after the run began`,
      expected: `the file that the run began with (sha256 ${digests[name]})`,
      found: `sha256 ${found[name]}`,
      next:
        name === 'plan'
          ? 'restore the file from a copy; a plan is never edited by hand'
          : 'restore the file from a copy; to run the edited experiment: vgpubench run FILE',
    });
  }
}

function digestOf(directory: string, name: string): string {
  const path = join(directory, name);
  try {
    return createHash('sha256').update(readBytes(path, MOST_PLAN_BYTES)).digest('hex');
  } catch (error) {
    throw new Problem({
      code: 'VGB-RUN-READ',
      message: `cannot read ${path}`,
      expected: 'a run directory, with experiment.yaml, plan.json and journal.jsonl',
      found: messageOf(error),
      next: 'use the directory that vgpubench run printed',
    });
  }
}
