import { Command } from '@commander-js/extra-typings';
import { mention, mentionJson, oneLine } from '../terminal/output.ts';
import type { MakeCommand } from './command.ts';
import { json } from './options.ts';

export const restore: MakeCommand = (exit) =>
  new Command('restore')
    .description('put every target back as it was before a run, after any crash')
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
      else if (restored.length === 0) mention('nothing to put back');
      else mention(allWell ? 'all put back' : 'not all could be put back; it is safe to run this again');
      exit(allWell ? 0 : 4);
    });
