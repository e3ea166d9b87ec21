import { Argument, Command } from '@commander-js/extra-typings';
import { print } from '../terminal/output.ts';
import type { MakeCommand } from './command.ts';

export const completion: MakeCommand = (exit) => {
  const command = new Command('completion')
    .description('print a completion script for a shell; to use it: source <(vgpubench completion bash)')
    .addArgument(new Argument('<shell>', 'which').choices(['bash', 'zsh', 'fish'] as const));
  return command.action(async (shell) => {
    const { completionFor } = await import('../completion.ts');
    print(completionFor(shell, command.parent ?? command));
    exit(0);
  });
};
