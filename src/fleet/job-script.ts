import { Problem } from '../problem.ts';
import { quote } from '../words/quote.ts';

/** The line of a user’s own script where the shard is to be run; its end by default. */
const PLACE = '{{vgpubench}}';

/** The default job script. */
const BARE = '#!/bin/sh\n';

export interface JobWork {
  /** The user’s own job script, with its header; undefined if there is none. */
  template: string | undefined;
  /** The directory in which vgpubench was called, for relative paths. */
  cwd: string;
  /** The words that start vgpubench on a node. */
  program: readonly string[];
  /** The words of its `run`, without the shard and its directory. */
  run: readonly string[];
  /** The number of shards. */
  of: number;
  /** Folder of the shards. */
  folder: string;
  /** The attempt at these shards, from 1. */
  attempt: number;
}

/**
 * A shard’s run directory, in a fleet’s folder of shards. A lost shard is rerun completely, in another
 * directory.
 */
export function shardDirectory(index: number | string, attempt: number): string {
  return `${index}.${attempt}`;
}

/** Next to that directory: the shard’s exit code, written when it has ended. */
export function doneFile(index: number | string, attempt: number): string {
  return `${shardDirectory(index, attempt)}.done`;
}

/**
 * The script of an array job, each task of which runs one shard. The header is the user’s: everything before
 * the place is unchanged.
 * @throws Problem if sbatch would reject the user’s script
 */
export function jobScript(work: JobWork): string {
  const { template = BARE } = work;
  if (!template.startsWith('#!'))
    throw new Problem({
      code: 'VGB-SUBMIT-TEMPLATE',
      message: 'sbatch does not accept this job script',
      expected: 'a first line such as #!/bin/sh, then #SBATCH lines, then commands',
      found: template.split('\n')[0]?.slice(0, 100) ?? '',
      next: `begin it with #!/bin/sh; to choose where vgpubench runs, add a line ${PLACE} (default: the end)`,
    });
  const body = bodyOf(work);
  if (!template.includes(PLACE)) return `${template.trimEnd()}\n\n${body}`;
  return template.replace(PLACE, () => body.trimEnd());
}

function bodyOf({ cwd, program, run, of, folder, attempt }: JobWork): string {
  const words = (all: readonly string[]) => all.map(quote).join(' ');
  const task = '"$SLURM_ARRAY_TASK_ID"';
  const directory = `${quote(`${folder}/`)}${task}${quote(`.${attempt}`)}`;
  // The done file appears last and complete, so that whoever sees it sees the exit code.
  return `# A shard of a vgpubench run: whole blocks, on this node alone.
cd ${quote(cwd)} || exit 4
vgb_code=0
${words([...program, ...run])} --shard ${task}/${of} --out ${directory} || vgb_code=$?
echo "$vgb_code" >${directory}.done.new && mv ${directory}.done.new ${directory}.done
exit "$vgb_code"
`;
}
