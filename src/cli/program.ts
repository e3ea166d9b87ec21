import { Command, type CommandUnknownOpts } from '@commander-js/extra-typings';
import { exitCodeLines } from '../exit-code.ts';
import { packageVersion } from '../run/version.ts';
import { COMMANDS, type Exit } from './commands/table.ts';
import { print, tell } from './terminal/output.ts';

const EPILOGUE = `
First steps:
  $ vgpubench doctor                   what does this machine need for the quickstart?
  $ vgpubench quickstart               no GPU? everything in the embedded lab, in minutes
  $ vgpubench init experiment.yaml     write a starter experiment file
  $ vgpubench doctor experiment.yaml   is every target reachable and complete?
  $ vgpubench plan experiment.yaml     the order of trials, and a time estimate
  $ vgpubench run experiment.yaml      run them, and write the report

A run is a directory under reports/. Everything in it is generated from its journal.jsonl.
To continue a run that was interrupted or killed: vgpubench resume RUN

Results go to stdout, progress to stderr; NO_COLOR and FORCE_COLOR are honoured.

Exit codes:
${exitCodeLines()
  .map((line) => (/^\d/.test(line) ? `  ${line}` : line))
  .join('\n')}
`;

/** Every command takes --no-color, which sets NO_COLOR for that call. */
function colourless(command: CommandUnknownOpts): void {
  command.option('--no-color', 'no colours, as with NO_COLOR set').on('option:no-color', () => {
    process.env['NO_COLOR'] = '1';
  });
  command.commands.forEach(colourless);
}

/** Set at every depth: wrong usage ends in an exception, with an exit code from the table. */
function ending(command: CommandUnknownOpts): void {
  command.configureOutput({ writeOut: print, writeErr: tell }).exitOverride();
  command.commands.forEach(ending);
}

/** The whole command line. */
export function program(exit: Exit): Command {
  const whole = new Command('vgpubench')
    .description(
      'Compares ways to give a virtual machine a GPU, over SSH: interleaved trials, attested modes, confidence intervals.',
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
