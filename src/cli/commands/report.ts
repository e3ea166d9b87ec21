import { Command, Option } from '@commander-js/extra-typings';
import type { MakeCommand } from './command.ts';
import { json, margin } from './options.ts';

export const report: MakeCommand = (exit) =>
  new Command('report')
    .description('make every report of a run again, from its journal alone')
    .argument('<run>', 'the run directory')
    .option(
      '--baseline <mode>',
      'compare with this mode instead, such as pvdrm-cache with pvdrm: into RUN/against-MODE',
    )
    .addOption(
      new Option(
        '--gate <base>',
        'with the outcome of comparing it with an earlier run, and exit as compare does',
      ),
    )
    .addOption(margin())
    .option(
      '--salvage',
      'go on without lines of the journal that can’t be read, and without the blocks around them',
    )
    .addOption(json())
    .action(async (directory, options) => {
      const [{ reportRun }, { showResults }] = await Promise.all([
        import('../../run/report.ts'),
        import('../terminal/closing-text.ts'),
      ]);
      const made = reportRun(directory, options);
      showResults(made, options.json);
      exit(made.exitCode);
    });
