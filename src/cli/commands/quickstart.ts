import { Command } from '@commander-js/extra-typings';
import type { MakeCommand } from './command.ts';
import { json, openIt, out, quiet, seed, table, verbose } from './options.ts';

export const quickstart: MakeCommand = (exit) =>
  new Command('quickstart')
    .description(
      'try everything in the lab: build it, boot it, compare five ways to reach a GPU, report; needs no GPU',
    )
    .addOption(out())
    .addOption(seed())
    .addOption(table())
    .addOption(quiet())
    .addOption(verbose())
    .addOption(openIt())
    .addOption(json())
    .action(async (options) => {
      const [{ withLab }, quick] = await Promise.all([
        import('../../run/lab.ts'),
        import('../quickstart.ts'),
      ]);
      exit(await withLab(() => quick.quickstart(options)));
    });
