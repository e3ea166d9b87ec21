import { Command } from '@commander-js/extra-typings';
import { mention, print, printJson } from '../terminal/output.ts';
import type { MakeCommand } from './command.ts';
import { json } from './options.ts';

export const labSnapshots: MakeCommand = (exit) =>
  new Command('snapshots')
    .description(
      'list the snapshots that let a lab start in seconds; one is saved after each boot, and the oldest are removed automatically',
    )
    .option('--remove <key>', 'remove this one, or `all`')
    .addOption(json())
    .action(async ({ remove, json }) => {
      const [{ listedSnapshots, removeSnapshots }, { snapshotsText }] = await Promise.all([
        import('../../lab/life/listed.ts'),
        import('../terminal/lab-text.ts'),
      ]);
      if (remove !== undefined) mention(`removed: ${(await removeSnapshots(remove)).join(', ') || 'none'}`);
      else if (json) printJson(await listedSnapshots());
      else print(snapshotsText(await listedSnapshots()));
      exit(0);
    });
