import { Command } from '@commander-js/extra-typings';
import { tell } from '../terminal/output.ts';
import type { MakeCommand } from './command.ts';

export const labSsh: MakeCommand = (exit) =>
  new Command('ssh')
    .description('log in to a machine of the lab, or run a command there')
    .argument('<name>', 'bare, dom0, g1, g2, ...')
    .argument('[command...]')
    .passThroughOptions()
    .action(async (name, command) => {
      const { labShell } = await import('../../run/lab-shell.ts');
      exit(await labShell(name, command, tell));
    });
