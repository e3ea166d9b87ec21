import { Command } from '@commander-js/extra-typings';
import { mention, mentionJson } from '../terminal/output.ts';
import type { MakeCommand } from './command.ts';
import { json } from './options.ts';

const EPILOGUE = `
A history is a file of one JSON line for each run: what \`trend\` needs of it, and no more. It
belongs into git, or among the artifacts of CI. Two branches' histories merge by keeping the
lines of both: put \`history.jsonl merge=union\` into .gitattributes.

  $ vgpubench run experiment.yaml --out RUN
  $ vgpubench history add RUN --to history.jsonl
  $ vgpubench trend history.jsonl
`;

export const history: MakeCommand = (exit) =>
  new Command('history')
    .description('keep what runs found, a line for each, for `trend`')
    .addHelpText('after', EPILOGUE)
    .showHelpAfterError('(vgpubench history --help shows its commands)')
    .addCommand(add(exit));

const add = (exit: Parameters<MakeCommand>[0]) =>
  new Command('add')
    .description('append a run to a history; one that it has already is not added again')
    .argument('<run>', 'the run directory')
    .requiredOption('--to <file>', 'the history, made where there is none')
    .addOption(json())
    .action(async (directory, options) => {
      const { addToHistory } = await import('../../run/history.ts');
      const { line, added, runs } = addToHistory(directory, options.to);
      if (options.json) mentionJson(line);
      else
        mention(
          added
            ? `added to ${options.to}: ${line.cells.length} cells; it has ${runs === 1 ? '1 run' : `${runs} runs`} now`
            : `${options.to} has that run already`,
        );
      exit(0);
    });
