import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Part } from '../experiment/part.ts';
import { loadExperiment } from '../experiment/load.ts';
import { type Fleet, writeFleet } from '../fleet/fleet-file.ts';
import { jobScript } from '../fleet/job-script.ts';
import { type ArrayJob, sbatchWords, submitArray } from '../fleet/slurm.ts';
import { makePlan } from '../plan/plan.ts';
import { Problem, messageOf } from '../problem.ts';
import { makeDirectory } from '../record/make-directory.ts';
import { defaultRunDirectory, writing } from '../record/run-directory.ts';

export interface SubmitOptions extends Omit<Part, 'shard'> {
  shards: number;
  /** Path of the user’s own job script, with its header. */
  template?: string | undefined;
  /**
   * The folder for shards and what is made from them, on a file system shared by the nodes. Default: a new
   * one under reports/.
   */
  out?: string | undefined;
  seed?: number | undefined;
}

/** What is, or would be, submitted. */
export interface Submission {
  directory: string;
  fleet: Fleet;
  script: string;
  /** The words of the command that submits it. */
  words: string[];
}

/**
 * Variables that a Slurm node sets, but the submitting machine does not: stand-ins, to check the file
 * beforehand.
 */
const GIVEN = {
  ...{ SLURM_ARRAY_JOB_ID: '1', SLURM_ARRAY_TASK_ID: '1', SLURM_ARRAY_TASK_COUNT: '1', SLURM_JOB_ID: '1' },
  ...{ SLURM_JOB_NODELIST: 'node', SLURM_NODELIST: 'node', SLURMD_NODENAME: 'node', SLURM_NODEID: '0' },
  ...{ SLURM_JOB_GPUS: '0', SLURM_GPUS_ON_NODE: '1', CUDA_VISIBLE_DEVICES: '0', SLURM_TMPDIR: '/tmp' },
};

/** What would be submitted, once the experiment and its shards are valid; touches nothing. @throws Problem */
export function planSubmission(file: string, options: SubmitOptions): Submission {
  const { shards, template, seed, blocks, only } = options;
  const { experiment } = loadExperiment(file, { ...GIVEN, ...process.env });
  const plan = makePlan(experiment, seed, { blocks, only, shard: { index: 1, of: shards } });
  const directory = resolve(
    options.out ?? `${defaultRunDirectory(experiment.name, plan.seed, new Date())}-shards`,
  );
  const fleet: Fleet = {
    ...{ format: 1, name: experiment.name, of: shards, cwd: process.cwd(), jobs: [] },
    run: ['run', file, ...wordsOf(options)],
    ...(template === undefined ? {} : { template: templateOf(template) }),
  };
  const all = Array.from({ length: shards }, (_, at) => at + 1);
  return {
    directory,
    fleet,
    script: scriptOf(directory, fleet, 1),
    words: sbatchWords(jobOf(directory, fleet, 1, all)),
  };
}

/** Submits the shards as one array, and returns at once; `collectFleet` does the rest. @throws Problem */
export async function submitExperiment(file: string, options: SubmitOptions): Promise<Submission> {
  const planned = planSubmission(file, options);
  const { directory, fleet } = planned;
  writing(directory, () => {
    for (const folder of ['', 'shards', 'logs']) makeDirectory(join(directory, folder));
  });
  const all = Array.from({ length: fleet.of }, (_, at) => at + 1);
  return { ...planned, fleet: await submitShards(directory, fleet, 1, all) };
}

/** Submits some shards, for the first time or again, and records that. @throws Problem */
export async function submitShards(
  directory: string,
  fleet: Fleet,
  attempt: number,
  shards: readonly number[],
): Promise<Fleet> {
  const job = jobOf(directory, fleet, attempt, shards);
  writing(directory, () => {
    writeFileSync(job.script, scriptOf(directory, fleet, attempt));
    chmodSync(job.script, 0o755);
  });
  const id = await submitArray(job);
  const submitted = new Date().toISOString();
  const next: Fleet = { ...fleet, jobs: [...fleet.jobs, { id, attempt, shards: [...shards], submitted }] };
  writeFleet(directory, next);
  return next;
}

function jobOf(directory: string, { name }: Fleet, attempt: number, shards: readonly number[]): ArrayJob {
  return {
    script: join(directory, `job-${attempt}.sh`),
    ...{ shards, name: `vgpubench-${name}`, output: join(directory, 'logs', '%A_%a.log') },
  };
}

function scriptOf(directory: string, { template, cwd, run, of }: Fleet, attempt: number): string {
  const program = [process.execPath, join(import.meta.dirname, '../../bin/vgpubench')];
  return jobScript({ template, cwd, program, run, of, folder: join(directory, 'shards'), attempt });
}

/** As a user would type them. */
function wordsOf({ seed, blocks, only }: SubmitOptions): string[] {
  const named = [
    ...(only?.modes ?? []).map((mode) => `mode=${mode}`),
    ...(only?.workloads ?? []).map((workload) => `workload=${workload}`),
  ];
  return [
    '--quiet',
    ...(seed === undefined ? [] : ['--seed', String(seed)]),
    ...(blocks === undefined ? [] : ['--blocks', String(blocks)]),
    ...(named.length === 0 ? [] : ['--only', named.join(',')]),
  ];
}

function templateOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new Problem({
      code: 'VGB-SUBMIT-TEMPLATE',
      message: `cannot read the job script ${path}`,
      expected: 'a script for sbatch, with your own #SBATCH lines',
      found: messageOf(error),
      next: 'check the path, or omit --template for a job without a header',
    });
  }
}
