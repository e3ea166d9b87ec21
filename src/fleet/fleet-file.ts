/** A record of what was submitted, for whoever collects it later. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { Problem, messageOf } from '../problem.ts';
import { writeDerived, writing } from '../record/run-directory.ts';
import { expectation, firstIssue } from '../words/expectation.ts';

const fleetSchema = z.object({
  format: z.literal(1),
  /** The experiment’s. */
  name: z.string(),
  /** The number of shards. */
  of: z.int().min(1),
  cwd: z.string(),
  /** Words of `run`, without the shard. */
  run: z.array(z.string()),
  /** The user’s own job script, as it was submitted. */
  template: z.string().optional(),
  jobs: z.array(
    z.object({
      id: z.string(),
      /** From 1. */
      attempt: z.int().min(1),
      shards: z.array(z.int().min(1)),
      submitted: z.string().describe('ISO 8601.'),
    }),
  ),
});

/** A run that was handed to a scheduler in shards. */
export type Fleet = z.output<typeof fleetSchema>;

const FILE = 'fleet.json';

export function writeFleet(directory: string, fleet: Fleet): void {
  writing(directory, () => {
    writeDerived(directory, FILE, `${JSON.stringify(fleet, null, 1)}\n`);
  });
}

/** @throws Problem */
export function readFleet(directory: string): Fleet {
  const path = join(directory, FILE);
  try {
    const parsed = fleetSchema.safeParse(JSON.parse(readFileSync(path, 'utf8')), { error: expectation });
    if (parsed.success) return parsed.data;
    throw new Error(firstIssue(parsed.error));
  } catch (error) {
    throw new Problem({
      code: 'VGB-FLEET-READ',
      message: `cannot read ${path}`,
      expected: 'the directory that vgpubench submit printed',
      found: messageOf(error),
      next: 'use that directory',
    });
  }
}

/** The newest attempt of each shard, from 1, and its job. */
export function newestAttempts({ jobs }: Fleet): Map<number, { attempt: number; job: string }> {
  return new Map(
    jobs.flatMap(({ id, attempt, shards }) => shards.map((shard) => [shard, { attempt, job: id }] as const)),
  );
}
