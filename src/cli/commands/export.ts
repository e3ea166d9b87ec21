import { Command, Option } from '@commander-js/extra-typings';
import { EXPORT_FORMATS } from '../../export/format.ts';
import { mention, mentionJson } from '../terminal/output.ts';
import type { MakeCommand } from './command.ts';
import { json } from './options.ts';

const EXAMPLES = `
Examples:
  $ vgpubench export RUN --format github-action-benchmark --out bench   one file per direction
  $ vgpubench export RUN --format bencher --out bench                   bencher run --adapter json --file bench/bencher.json
  $ vgpubench export RUN --format openmetrics --out bench               bench/metrics.txt
  $ vgpubench export RUN --format otava --out history --commit abc123   adds a row to history/otava.csv
`;

export const exportCommand: MakeCommand = (exit) =>
  new Command('export')
    .description('export a run’s figures for a benchmark tracking tool')
    .argument('<run>', 'the run directory, or its results.json')
    .addOption(
      new Option('--format <name>', 'the output format').choices(EXPORT_FORMATS).makeOptionMandatory(),
    )
    .requiredOption('--out <dir>', 'the directory to write to')
    .option('--commit <id>', 'the commit that was measured, for openmetrics and otava')
    .addOption(json())
    .addHelpText('after', EXAMPLES)
    .action(async (run, options) => {
      const { exportRun } = await import('../../run/export.ts');
      const files = exportRun(run, options);
      if (options.json) mentionJson({ files });
      else mention(files.join('\n'));
      exit(0);
    });
