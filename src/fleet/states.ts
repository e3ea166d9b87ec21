/** Slurm's states of the tasks of array jobs. */

export interface TaskState {
  /** Whether it has yet to end. */
  alive: boolean;
  /** In Slurm’s own words, such as RUNNING or NODE_FAIL. */
  state: string;
  /** Why it waits, if Slurm reports that. */
  reason: string;
}

/** By `job_task`, such as 123_4. */
export type TaskStates = ReadonlyMap<string, TaskState>;

/** States from which a job does not recover. */
const ENDED =
  /^(BOOT_FAIL|CANCELLED|COMPLETED|DEADLINE|FAILED|NODE_FAIL|OUT_OF_MEMORY|PREEMPTED|REVOKED|TIMEOUT|LAUNCH_FAILED|RECONFIG_FAIL)/;
/** Reasons that only say that it waits for its turn, or runs. */
const ORDINARY = new Set(['', 'None', 'Resources', 'Priority']);

/** Of `sacct -X -n -P -o jobid,state,exitcode,end,nodelist`. */
export function statesBySacct(output: string): TaskStates {
  return statesOf(output, ([id = '', state = '']) => [id, state, '']);
}

/** Of `squeue -h -r -o "%i|%T|%r"`. */
export function statesBySqueue(output: string): TaskStates {
  return statesOf(output, ([id = '', state = '', reason = '']) => [
    id,
    state,
    ORDINARY.has(reason) ? '' : reason,
  ]);
}

function statesOf(
  output: string,
  read: (fields: readonly string[]) => readonly [id: string, state: string, reason: string],
): TaskStates {
  const states = new Map<string, TaskState>();
  for (const line of output.split('\n')) {
    const [id, state, reason] = read(line.trim().split('|'));
    if (state === '') continue;
    for (const task of tasksIn(id)) states.set(task, { alive: !ENDED.test(state), state, reason });
  }
  return states;
}

/** Waiting tasks are listed together: 123_[5-7,9%2] is 123_5, 123_6, 123_7 and 123_9. */
export function tasksIn(id: string): string[] {
  const [, job = '', list] = /^(\d+)_\[([\d,-]+)(?:%\d+)?\]$/.exec(id) ?? [];
  if (list === undefined) return /^\d+_\d+$/.test(id) ? [id] : [];
  return list.split(',').flatMap((part) => {
    const [from = NaN, to = from] = part.split('-').map(Number);
    return Array.from({ length: Math.max(0, to - from + 1) }, (_, at) => `${job}_${from + at}`);
  });
}
