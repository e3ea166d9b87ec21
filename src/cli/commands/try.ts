import { Command } from '@commander-js/extra-typings';
import type { MakeCommand } from './command.ts';
import { json, out, quiet, verbose } from './options.ts';

export const tryOut: MakeCommand = (exit) =>
  new Command('try')
    .description(
      'enter every mode once, attest it, take one sample of each workload, and put everything back: what was seen, before a night is spent on it',
    )
    .argument('<file>', 'the experiment file')
    .addOption(out())
    .option(
      '--transcript <dir>',
      'also a copy of all that was seen, fit to send: no host, user or path by name, no address',
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
