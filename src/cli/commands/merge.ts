import { Command } from '@commander-js/extra-typings';
import { tell } from '../terminal/output.ts';
import type { MakeCommand } from './command.ts';
import { gate, inconclusive, json, margin, openIt, saveBaseline, table, unit } from './options.ts';

const EXAMPLE = `
Example: a run whose blocks were divided between two machines
  $ vgpubench run experiment.yaml --shard 1/2 --out shards/1     on the first
  $ vgpubench run experiment.yaml --shard 2/2 --out shards/2     on the second
  $ vgpubench merge shards/1 shards/2 --out reports/merged

A missing shard is reported and makes the run incomplete (exit code 4); a shard that is given twice
is rejected. With --unit node the intervals hold for machines like these, and not just for these
machines: each node then counts once, however many blocks it ran.
`;

export const merge: MakeCommand = (exit) =>
  new Command('merge')
    .description('merge shards into one run, and write its report')
    .argument('<runs...>', 'the run directories of the shards')
    .requiredOption('--out <dir>', 'the run directory to create')
    .addOption(unit())
    .addOption(gate())
    .addOption(margin())
    .addOption(inconclusive())
    .addOption(saveBaseline())
    .option('--no-report', 'merge only; vgpubench report makes the report later')
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
