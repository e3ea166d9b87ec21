/** What is running: recorded as things start, so that after a crash everything can be stopped. */
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { labProblem } from '../lab-problem.ts';
import type { LabPaths } from '../paths.ts';

const processId = z.object({ pid: z.int().positive(), startTicks: z.int().nonnegative() });

const labState = z.object({
  version: z.literal(1),
  /** Null until it was probed. */
  accelerator: z.enum(['kvm', 'tcg']).nullable(),
  /** A lab that is not complete, and not in use (use.ts), is left over from a crash. */
  ready: z.boolean(),
  processes: z.array(processId.extend({ name: z.string() })),
  /** Sockets and other files to remove. */
  files: z.array(z.string()),
  hosts: z.array(z.object({ alias: z.string(), port: z.int() })),
  /** Xen domain names of the guests, by alias. */
  guests: z.array(z.string()),
  /** Virtual CPUs that they share. */
  guestCpus: z.int().positive().default(1),
  /** Key of the snapshot that it started from; null if it was booted. */
  snapshot: z.string().nullable().optional(),
  /** The clocks of its machines. */
  clocks: z.record(z.string(), z.object({ source: z.string(), readingNs: z.number() })).optional(),
});

export type LabState = z.infer<typeof labState>;

function stateFile(paths: LabPaths): string {
  return join(paths.run, 'state.json');
}

/** Written to a temporary file, then renamed. */
function freshFile(paths: LabPaths): string {
  return `${stateFile(paths)}.new`;
}

/** What is known of a lab; `damaged` is the reason if its state could not be read completely. */
export type KnownState = LabState & { damaged?: string };

/** Undefined when nothing runs. */
export async function readState(paths: LabPaths): Promise<KnownState | undefined> {
  let text: string;
  try {
    text = await readFile(stateFile(paths), 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw labProblem('VGB-LAB-STATE', {
      message: "the lab's state can't be read",
      found: String(error),
      next: `make sure that ${stateFile(paths)} is a readable file, then: vgpubench lab down`,
    });
  }
  try {
    return labState.parse(JSON.parse(text));
  } catch {
    return salvaged(text, stateFile(paths));
  }
}

const anything = z.array(z.unknown()).catch([]);
const remains = z.object({ processes: anything, files: anything }).catch({ processes: [], files: [] });
const named = processId.extend({ name: z.string() });

/** A lab that nobody is bringing up any more, with everything to take down, as far as it can be read. */
function salvaged(text: string, file: string): KnownState {
  const { processes, files } = remains.parse(jsonOf(text));
  return {
    version: 1,
    accelerator: null,
    ready: false,
    processes: processes.flatMap((one) => named.safeParse(one).data ?? []),
    files: files.filter((one) => typeof one === 'string'),
    hosts: [],
    guests: [],
    guestCpus: 1,
    damaged: `${file} is damaged, or from another version`,
  };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
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
