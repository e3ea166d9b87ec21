import { Problem } from '../problem.ts';
import { quote } from '../words/quote.ts';

/** Where a user’s own script wants the shard to be run; at its end where it does not say. */
const PLACE = '{{vgpubench}}';

/** What a user’s script is where there is none. */
const BARE = '#!/bin/sh\n';

export interface JobWork {
  /** The user’s own job script, with its header; undefined where there is none. */
  template: string | undefined;
  /** Where vgpubench was called, which relative paths start from. */
  cwd: string;
  /** The words that start vgpubench on a node. */
  program: readonly string[];
  /** The words of its `run`, without the shard and its directory. */
  run: readonly string[];
  /** How many shards there are. */
  of: number;
  /** Folder of the shards. */
  folder: string;
  /** Which time these shards are submitted, from 1. */
  attempt: number;
}

/** A shard’s run directory, in a fleet’s folder of shards. A shard that was lost is run again whole, in a directory of its own. */
export function shardDirectory(index: number | string, attempt: number): string {
  return `${index}.${attempt}`;
}

/** Beside that directory: the shard’s exit code, there once it has ended. */
export function doneFile(index: number | string, attempt: number): string {
  return `${shardDirectory(index, attempt)}.done`;
}

/**
 * The script of an array job, of which each task runs one shard. The header is the user’s: whatever stands before the place is
 * left as it is.
 * @throws Problem where the user’s script is none that sbatch takes
 */
export function jobScript(work: JobWork): string {
  const { template = BARE } = work;
  if (!template.startsWith('#!'))
    throw new Problem({
      code: 'VGB-SUBMIT-TEMPLATE',
      message: 'sbatch takes no such job script',
      expected: 'a first line such as #!/bin/sh, then #SBATCH lines, then commands',
      found: template.split('\n')[0]?.slice(0, 100) ?? '',
      next: `begin it with #!/bin/sh; where vgpubench is to run, write a line ${PLACE}, or leave that to its end`,
    });
  const body = bodyOf(work);
  if (!template.includes(PLACE)) return `${template.trimEnd()}\n\n${body}`;
  return template.replace(PLACE, () => body.trimEnd());
}

function bodyOf({ cwd, program, run, of, folder, attempt }: JobWork): string {
  const words = (all: readonly string[]) => all.map(quote).join(' ');
  const task = '"$SLURM_ARRAY_TASK_ID"';
  const directory = `${quote(`${folder}/`)}${task}${quote(`.${attempt}`)}`;
  // The done file comes last and whole, so that whoever sees it sees the exit code.
  return `# A shard of a vgpubench run: whole blocks, on this node alone.
cd ${quote(cwd)} || exit 4
vgb_code=0
${words([...program, ...run])} --shard ${task}/${of} --out ${directory} || vgb_code=$?
echo "$vgb_code" >${directory}.done.new && mv ${directory}.done.new ${directory}.done
exit "$vgb_code"
`;
}
