import { Command } from '@commander-js/extra-typings';
import { printJson } from '../terminal/output.ts';
import type { MakeCommand } from './command.ts';

export const schema: MakeCommand = (exit) =>
  new Command('schema')
    .description('print a JSON Schema: experiment, results or journal')
    .argument('<name>', 'which one')
    .action(async (name) => {
      const { schemaNamed } = await import('../../run/schema.ts');
      printJson(schemaNamed(name));
      exit(0);
    });
