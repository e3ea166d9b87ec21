import { Command } from '@commander-js/extra-typings';
import { mention, mentionJson } from '../terminal/output.ts';
import type { MakeCommand } from './command.ts';
import { json } from './options.ts';

const EPILOGUE = `
A history is a file with one JSON line per run: what \`trend\` needs of it, and no more. Keep it
in git or among the artifacts of CI. To merge the histories of two branches, keep the lines of
both: put \`history.jsonl merge=union\` into .gitattributes.

  $ vgpubench run experiment.yaml --out RUN
  $ vgpubench history add RUN --to history.jsonl
  $ vgpubench trend history.jsonl
`;

export const history: MakeCommand = (exit) =>
  new Command('history')
    .description('keep the results of runs, one line per run, for `trend`')
    .addHelpText('after', EPILOGUE)
    .showHelpAfterError('(vgpubench history --help shows its commands)')
    .addCommand(add(exit));

const add = (exit: Parameters<MakeCommand>[0]) =>
  new Command('add')
    .description('append a run to a history, unless it is already there')
    .argument('<run>', 'the run directory')
    .requiredOption('--to <file>', 'the history; created if it does not exist')
    .addOption(json())
    .action(async (directory, options) => {
      const { addToHistory } = await import('../../run/history.ts');
      const { line, added, runs } = addToHistory(directory, options.to);
      if (options.json) mentionJson(line);
      else
        mention(
          added
            ? `added to ${options.to}: ${line.cells.length} cells; it now has ${runs === 1 ? '1 run' : `${runs} runs`}`
            : `${options.to} already has that run`,
        );
      exit(0);
    });
