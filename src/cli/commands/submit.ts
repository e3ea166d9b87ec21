import { Command } from '@commander-js/extra-typings';
import { mention, mentionJson, print, printJson, tell } from '../terminal/output.ts';
import { quote } from '../../words/quote.ts';
import type { MakeCommand } from './command.ts';
import { attempts, blocks, everyS, json, only, seed, unit, whole } from './options.ts';

const EXAMPLE = `
Example, on a Slurm login node:
  $ vgpubench submit experiment.yaml --shards 4 --template job.sh --dry-run   shows the job script and submits nothing
  $ vgpubench submit experiment.yaml --shards 4 --template job.sh             returns at once
  $ vgpubench collect DIR                                                     waits, and merges

job.sh is your own: its #SBATCH lines (--exclusive, --gres, --time) and the modules to load. vgpubench is called at
the line {{vgpubench}}, or at the end. submit sets the array, its output and its name.

In the experiment file a target can be the node of the job: { ssh: "\${SLURMD_NODENAME}" }. DIR must be on a file
system shared by the nodes.
`;

export const submit: MakeCommand = (exit) =>
  new Command('submit')
    .description('submit a run to Slurm as an array job of shards, and return')
    .argument('<file>', 'the experiment file')
    .requiredOption('--shards <n>', 'the number of shards, each of whole blocks', (text) =>
      whole(text, 1, 10_000),
    )
    .option('--template <file>', 'your own job script, with its #SBATCH lines')
    .option(
      '--out <dir>',
      'the directory for the shards, shared by the nodes (default: a new one under reports/)',
    )
    .option('--follow', 'then wait for it, as collect does', false)
    .option('--dry-run', 'print what would be submitted, and change nothing', false)
    .addOption(seed())
    .addOption(only())
    .addOption(blocks())
    .addOption(everyS())
    .addOption(attempts())
    .addOption(unit())
    .addOption(json())
    .addHelpText('after', EXAMPLE)
    .action(async (file, options) => {
      const { planSubmission, submitExperiment } = await import('../../run/submit.ts');
      if (options.dryRun) {
        const { directory, script, words } = planSubmission(file, options);
        if (options.json) printJson({ directory, script, words });
        else print(`${words.map(quote).join(' ')}\n\n${script}`);
        exit(0);
        return;
      }
      const { directory, fleet } = await submitExperiment(file, options);
      const [job] = fleet.jobs;
      if (!options.follow) {
        if (options.json) mentionJson({ directory, job: job?.id, shards: fleet.of });
        else mention(`submitted ${fleet.of} shards as job ${job?.id ?? ''}\n${next(directory)}`);
        exit(0);
        return;
      }
      tell(
        `submitted ${fleet.of} shards as job ${job?.id ?? ''}; if this command ends before they do: ${next(directory)}`,
      );
      const { collected } = await import('../terminal/collected.ts');
      exit(await collected(directory, options));
    });

const next = (directory: string) => `vgpubench collect ${quote(directory)}`;
