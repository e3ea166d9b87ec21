import { Command } from '@commander-js/extra-typings';
import type { MakeCommand } from './command.ts';
import { json, out, quiet, verbose } from './options.ts';

export const tryOut: MakeCommand = (exit) =>
  new Command('try')
    .description(
      'enter every mode once, attest it, take one sample of each workload, undo every change, and show what was found: a check before a long run',
    )
    .argument('<file>', 'the experiment file')
    .addOption(out())
    .option(
      '--transcript <dir>',
      'also write a copy of everything found that is safe to share: no names of hosts, users or paths, no addresses',
    )
    .addOption(quiet())
    .addOption(verbose())
    .addOption(json())
    .action(async (file, options) => {
      const [{ tryExperiment }, { watched }, { showTried }] = await Promise.all([
        import('../../run/try.ts'),
        import('../terminal/watched.ts'),
        import('../terminal/tried-text.ts'),
      ]);
      exit(
        await watched(
          options,
          (session) => tryExperiment(file, { ...options, ...session }),
          undefined,
          (outcome, showing) => {
            showTried(outcome, showing, { file, transcript: options.transcript });
          },
        ),
      );
    });
