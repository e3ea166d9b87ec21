/** What runs: written as things start, so that a crash leaves enough to stop them by. */
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import * as z from 'zod';

import type { LabPaths } from './paths.ts';

const processId = z.object({ pid: z.int().positive(), startTicks: z.int().nonnegative() });

const labState = z.object({
  version: z.literal(1),
  /** Null until it was probed. */
  accelerator: z.enum(['kvm', 'tcg']).nullable(),
  /** Who brings the lab up; once that process is gone, a lab not `ready` is a crash's remains. */
  owner: processId,
  ready: z.boolean(),
  processes: z.array(processId.extend({ name: z.string() })),
  /** Sockets and other files to remove. */
  files: z.array(z.string()),
  hosts: z.array(z.object({ alias: z.string(), port: z.int() })),
  /** Xen domain names of the guests, by alias. */
  guests: z.array(z.string()),
});

export type LabState = z.infer<typeof labState>;

function stateFile(paths: LabPaths): string {
  return join(paths.run, 'state.json');
}

/** Written whole, then renamed. */
function freshFile(paths: LabPaths): string {
  return `${stateFile(paths)}.new`;
}

/** Undefined when nothing runs. */
export async function readState(paths: LabPaths): Promise<LabState | undefined> {
  let text: string;
  try {
    text = await readFile(stateFile(paths), 'utf8');
  } catch {
    return undefined;
  }
  return labState.parse(JSON.parse(text));
}

export async function writeState(paths: LabPaths, state: LabState): Promise<void> {
  await mkdir(paths.run, { recursive: true });
  const fresh = freshFile(paths);
  await writeFile(fresh, JSON.stringify(state, undefined, 2));
  await rename(fresh, stateFile(paths));
}

export async function removeState(paths: LabPaths): Promise<void> {
  for (const file of [stateFile(paths), freshFile(paths)]) await rm(file, { force: true });
}
