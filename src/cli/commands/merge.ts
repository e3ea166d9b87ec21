import { Command, Option } from '@commander-js/extra-typings';
import { tell } from '../terminal/output.ts';
import type { MakeCommand } from './command.ts';
import { gate, inconclusive, json, margin, openIt, saveBaseline, table } from './options.ts';

const EXAMPLE = `
Example, of a run whose blocks were shared out over two machines:
  $ vgpubench run experiment.yaml --shard 1/2 --out shards/1     on one of them
  $ vgpubench run experiment.yaml --shard 2/2 --out shards/2     on the other
  $ vgpubench merge shards/1 shards/2 --out reports/merged

A shard that is missing is told, and the run is incomplete (exit code 4); one that is there twice
is refused. With --unit node the intervals say what holds for machines like these, and not for
these alone: each node then counts once, however many blocks it ran.
`;

export const merge: MakeCommand = (exit) =>
  new Command('merge')
    .description('make one run of shards, and write its report')
    .argument('<runs...>', 'the run directories of the shards')
    .requiredOption('--out <dir>', 'the run directory that is made')
    .addOption(
      new Option('--unit <what>', 'what the intervals count as independent')
        .choices(['block', 'node'] as const)
        .default('block' as const),
    )
    .addOption(gate())
    .addOption(margin())
    .addOption(inconclusive())
    .addOption(saveBaseline())
    .option('--no-report', 'only the run itself: vgpubench report makes its report later')
    .addOption(table())
    .addOption(openIt())
    .addOption(json())
    .addHelpText('after', EXAMPLE)
    .action(async (runs, options) => {
      const [{ mergeRuns }, { mergedReport, mergedExitCode }, { showResults }, { finish }] =
        await Promise.all([
          import('../../run/merge.ts'),
          import('../../run/merged-report.ts'),
          import('../terminal/closing-text.ts'),
          import('../terminal/watched.ts'),
        ]);
      const merged = mergeRuns(runs, {
        ...options,
        tell: ({ directory }, place, of) => {
          tell(`reading shard ${place} of ${of}: ${directory}`);
        },
      });
      if (!options.report) {
        tell(`merged into ${merged.directory}`);
        exit(mergedExitCode(merged));
        return;
      }
      const made = mergedReport(merged, options);
      showResults(made, options);
      await finish(made, options);
      exit(made.exitCode);
    });
