import { Command, type CommandUnknownOpts } from '@commander-js/extra-typings';
import { exitCodeLines } from '../exit-code.ts';
import { packageVersion } from '../run/version.ts';
import { COMMANDS, type Exit } from './commands/table.ts';
import { print, tell } from './terminal/output.ts';

const EPILOGUE = `
First steps:
  $ vgpubench doctor                   what does this machine lack for the quickstart?
  $ vgpubench quickstart               no GPU at hand: everything in the embedded lab, in minutes
  $ vgpubench init experiment.yaml     write an experiment file to start from
  $ vgpubench doctor experiment.yaml   is every target reachable, and everything on it?
  $ vgpubench plan experiment.yaml     the order of trials, and how long they take
  $ vgpubench run experiment.yaml      run them, and write the report

A run is a directory under reports/. Its journal.jsonl is the truth; all else is made
from it. A run that was interrupted or killed goes on with: vgpubench resume RUN

stdout is results, stderr is progress; NO_COLOR and FORCE_COLOR are honoured.

Exit codes:
${exitCodeLines()
  .map((line) => (/^\d/.test(line) ? `  ${line}` : line))
  .join('\n')}
`;

/** Every command takes --no-color, which is NO_COLOR for this once. */
function colourless(command: CommandUnknownOpts): void {
  command.option('--no-color', 'without colours, as where NO_COLOR is set').on('option:no-color', () => {
    process.env['NO_COLOR'] = '1';
  });
  command.commands.forEach(colourless);
}

/** However deep a command is: where it is used wrongly it ends by an exception, with the exit code that the table has. */
function ending(command: CommandUnknownOpts): void {
  command.configureOutput({ writeOut: print, writeErr: tell }).exitOverride();
  command.commands.forEach(ending);
}

/** The whole command line. */
export function program(exit: Exit): Command {
  const whole = new Command('vgpubench')
    .description(
      'Compares the ways a GPU can reach a virtual machine, over SSH: interleaved, attested, with intervals.',
    )
    .version(packageVersion())
    .addHelpText('after', EPILOGUE)
    .showHelpAfterError('(vgpubench --help shows the commands)')
    .configureHelp({ showGlobalOptions: true })
    .enablePositionalOptions();
  for (const make of COMMANDS) whole.addCommand(make(exit).copyInheritedSettings(whole));
  colourless(whole);
  ending(whole);
  return whole;
}
