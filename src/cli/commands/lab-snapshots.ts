import { Command } from '@commander-js/extra-typings';
import { mention, print, printJson } from '../terminal/output.ts';
import type { MakeCommand } from './command.ts';
import { json } from './options.ts';

export const labSnapshots: MakeCommand = (exit) =>
  new Command('snapshots')
    .description(
      'what a lab is brought up from in seconds: saved when one has booted, the oldest go by themselves',
    )
    .option('--remove <key>', 'remove one, or: all')
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
