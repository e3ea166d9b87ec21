import { Command, Option } from '@commander-js/extra-typings';
import type { MakeCommand } from './command.ts';
import { tell } from '../terminal/output.ts';
import { inconclusive, json, margin, openIt, saveBaseline, table } from './options.ts';

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
    .addOption(inconclusive())
    .addOption(saveBaseline())
    .option(
      '--salvage',
      'go on without lines of the journal that can’t be read, and without the blocks around them',
    )
    .option(
      '--redact',
      'a copy fit to publish, into RUN/redacted: no host, user or path by name, no address, command line or journal',
    )
    .addOption(
      new Option('--charts <which>', 'as files of their own: those that a paper has room for, or all')
        .choices(['paper', 'all'] as const)
        .default('paper' as const),
    )
    .addOption(table())
    .addOption(openIt())
    .addOption(json())
    .action(async (directory, options) => {
      const [{ reportRun }, { showResults }, { finish }] = await Promise.all([
        import('../../run/report.ts'),
        import('../terminal/closing-text.ts'),
        import('../terminal/watched.ts'),
      ]);
      const made = reportRun(directory, options);
      showResults(made, options);
      if (options.redact) tell('this is a copy without names; look through it before you publish it');
      await finish(made, options);
      exit(made.exitCode);
    });
