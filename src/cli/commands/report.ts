import { Command, Option } from '@commander-js/extra-typings';
import type { MakeCommand } from './command.ts';
import { tell } from '../terminal/output.ts';
import { inconclusive, json, margin, openIt, saveBaseline, table } from './options.ts';

export const report: MakeCommand = (exit) =>
  new Command('report')
    .description('regenerate every report of a run from its journal')
    .argument('<run>', 'the run directory')
    .option(
      '--baseline <mode>',
      'use this mode as the baseline, for instance to compare pvdrm-cache with pvdrm; written to RUN/against-MODE',
    )
    .addOption(
      new Option(
        '--gate <base>',
        'include a comparison with an earlier run, with the exit code of `vgpubench compare`',
      ),
    )
    .addOption(margin())
    .addOption(inconclusive())
    .addOption(saveBaseline())
    .option('--salvage', 'skip unreadable lines of the journal, and the blocks that they belong to')
    .option(
      '--redact',
      'write a copy for publication to RUN/redacted: no names of hosts, users or paths, no addresses, command lines or journal',
    )
    .addOption(
      new Option('--charts <which>', 'charts to write as separate files: those that fit a paper, or all')
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
      if (options.redact) tell('names were removed from this copy; check it before you publish it');
      await finish(made, options);
      exit(made.exitCode);
    });
