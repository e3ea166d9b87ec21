import { Command } from '@commander-js/extra-typings';
import { mention, mentionJson, oneLine } from '../terminal/output.ts';
import type { MakeCommand } from './command.ts';
import { json } from './options.ts';

export const restore: MakeCommand = (exit) =>
  new Command('restore')
    .description('undo a run’s changes on every target, even after a crash')
    .argument('<run>', 'the run directory')
    .addOption(json())
    .action(async (directory, options) => {
      const { restoreRun } = await import('../../run/restore.ts');
      const restored = await restoreRun(directory, ({ target, script, ok, output }) => {
        const why = ok ? '' : ` (${oneLine(output)})`;
        if (!options.json) mention(`${ok ? '✓' : '✗'} ${target}: ${oneLine(script)}${why}`);
      });
      const allWell = restored.every(({ ok }) => ok);
      if (options.json) mentionJson({ restored });
      else if (restored.length === 0) mention('nothing to undo');
      else
        mention(
          allWell
            ? 'everything was undone'
            : 'some changes could not be undone; it is safe to run this again',
        );
      exit(allWell ? 0 : 4);
    });
