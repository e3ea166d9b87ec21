import { Command } from '@commander-js/extra-typings';
import { tell } from '../terminal/output.ts';
import type { MakeCommand } from './command.ts';
import { gate, inconclusive, json, margin, openIt, saveBaseline, table, unit } from './options.ts';

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
    .addOption(unit())
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
      const [{ mergeRuns }, { mergedExitCode }, { shownMerged }] = await Promise.all([
        import('../../run/merge.ts'),
        import('../../run/merged-report.ts'),
        import('../terminal/collected.ts'),
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
      exit(await shownMerged(merged, options));
    });
