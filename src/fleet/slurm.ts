/** Slurm’s own commands, as its users call them. */
import { execa } from 'execa';
import { Problem } from '../problem.ts';
import { type TaskStates, statesBySacct, statesBySqueue } from './states.ts';

/** A busy controller takes a while; one that is gone is reported. */
const LIMIT_MS = 60_000;

export interface ArrayJob {
  /** Path of the job script. */
  script: string;
  /** Shards, which are the array’s tasks. */
  shards: readonly number[];
  name: string;
  /** The file for tasks’ own output, as a pattern of Slurm’s. */
  output: string;
}

/** The words that submit it. Never requeued: a lost shard is submitted again, into another directory. */
export function sbatchWords({ script, shards, name, output }: ArrayJob): string[] {
  return [
    ...['sbatch', '--parsable', '--no-requeue'],
    ...[`--array=${shards.join(',')}`, `--job-name=${name}`, `--output=${output}`],
    script,
  ];
}

/** @returns the job’s ID @throws Problem in sbatch’s words if it refuses */
export async function submitArray(job: ArrayJob): Promise<string> {
  const { stdout, stderr, failed } = await slurm(sbatchWords(job));
  // With --parsable: 123, or 123;cluster.
  const [, id] = /^(\d+)(?:;.*)?$/m.exec(stdout) ?? [];
  if (!failed && id !== undefined) return id;
  throw new Problem({
    code: 'VGB-SUBMIT',
    message: 'sbatch did not accept the job',
    expected: 'a job ID',
    found: (stderr || stdout).trim().slice(0, 500) || 'nothing',
    next: 'correct the header of the job script (--template), and submit again; vgpubench submit --dry-run shows the whole script',
    exitCode: 4,
  });
}

/**
 * The states of these jobs' tasks, from squeue, and from sacct for those that have left the queue, if there
 * is accounting.
 * @param sinceDay The day on which the first was submitted, or one before it, as 2026-01-02.
 * @throws Problem if neither answers
 */
export async function statesOfJobs(jobs: readonly string[], sinceDay: string): Promise<TaskStates> {
  const ids = jobs.join(',');
  const fields = 'jobid,state,exitcode,end,nodelist';
  const queued = await slurm(['squeue', '-h', '-r', '-j', ids, '-o', '%i|%T|%r']);
  const accounted = await slurm(['sacct', '-X', '-n', '-P', '-S', sinceDay, '-j', ids, '-o', fields]);
  // If all jobs are gone, squeue says that they do not exist.
  if (!queued.failed || !accounted.failed || /Invalid job id/i.test(queued.stderr))
    return new Map([...statesBySacct(accounted.stdout), ...statesBySqueue(queued.stdout)]);
  throw new Problem({
    code: 'VGB-SLURM',
    message: 'Slurm does not report the state of the jobs',
    expected: 'an answer from sacct or squeue',
    found: queued.stderr.trim().slice(0, 500) || 'no answer',
    next: 'check that the controller is up (scontrol ping), then continue: vgpubench collect DIR',
    exitCode: 4,
  });
}

/** Without the user's variables for `sbatch`, which would submit another job than was shown. */
async function slurm([program = '', ...words]: readonly string[]) {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('SBATCH_')));
  const ended = await execa(program, words, {
    ...{ reject: false, timeout: LIMIT_MS, extendEnv: false, env },
    stdin: 'ignore',
  });
  const { stdout, stderr, failed, code } = ended;
  if (code !== 'ENOENT') return { stdout, stderr, failed };
  if (program !== 'sbatch') return { stdout: '', stderr: `${program} is not there`, failed };
  throw new Problem({
    code: 'VGB-SUBMIT',
    message: 'Slurm is not installed here',
    expected: 'a machine with Slurm’s commands, such as a login node',
    found: 'no sbatch in PATH',
    next: 'submit from such a machine; or run the shards yourself: vgpubench run FILE --shard 1/4, and so on, then vgpubench merge',
  });
}
