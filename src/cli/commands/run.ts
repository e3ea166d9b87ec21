import { Command } from '@commander-js/extra-typings';
import type { MakeCommand } from './command.ts';
import {
  blocks,
  confirm,
  gate,
  inconclusive,
  json,
  keepGoing,
  label,
  margin,
  only,
  openIt,
  out,
  quiet,
  saveBaseline,
  seed,
  shard,
  table,
  verbose,
} from './options.ts';

export const run: MakeCommand = (exit) =>
  new Command('run')
    .description('run an experiment, and write its report')
    .argument('<file>', 'the experiment file')
    .addOption(out())
    .addOption(seed())
    .addOption(only())
    .addOption(blocks())
    .addOption(shard())
    .addOption(label())
    .addOption(keepGoing())
    .addOption(gate())
    .addOption(confirm())
    .addOption(margin())
    .addOption(inconclusive())
    .addOption(saveBaseline())
    .addOption(table())
    .addOption(quiet())
    .addOption(verbose())
    .addOption(openIt())
    .addOption(json())
    .action(async (file, options) => {
      const [{ runExperiment }, { watched }] = await Promise.all([
        import('../../run/run.ts'),
        import('../terminal/watched.ts'),
      ]);
      exit(
        await watched({ ...options, source: file }, (session) =>
          runExperiment(file, { ...options, labels: options.label, ...session }),
        ),
      );
    });
