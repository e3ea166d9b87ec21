import { Command } from '@commander-js/extra-typings';
import type { MakeCommand } from './command.ts';
import {
  gate,
  inconclusive,
  json,
  keepGoing,
  margin,
  openIt,
  quiet,
  saveBaseline,
  table,
  verbose,
} from './options.ts';

export const resume: MakeCommand = (exit) =>
  new Command('resume')
    .description('continue a run that was interrupted or killed: same plan, no sample lost or repeated')
    .argument('<run>', 'the run directory')
    .option('--retry', 'also rerun trials that failed, timed out or were void', false)
    .addOption(keepGoing())
    .addOption(gate())
    .addOption(margin())
    .addOption(inconclusive())
    .addOption(saveBaseline())
    .addOption(table())
    .addOption(quiet())
    .addOption(verbose())
    .addOption(openIt())
    .addOption(json())
    .action(async (directory, options) => {
      const [{ resumeRun }, { watched }] = await Promise.all([
        import('../../run/resume.ts'),
        import('../terminal/watched.ts'),
      ]);
      exit(await watched(options, (session) => resumeRun(directory, { ...options, ...session })));
    });
