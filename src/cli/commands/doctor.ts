import { Command } from '@commander-js/extra-typings';
import type { Check } from '../../run/doctor.ts';
import { coloursFor, oneLine, print, printJson, tell } from '../terminal/output.ts';
import type { MakeCommand } from './command.ts';
import { json } from './options.ts';

export const doctor: MakeCommand = (exit) =>
  new Command('doctor')
    .description(
      'check that every target can be reached and has what the experiment needs; without a file, check what this machine lacks for the quickstart; changes nothing',
    )
    .argument('[file]', 'the experiment file')
    .addOption(json())
    .action(async (file, options) => {
      if (file === undefined) {
        const { checkMachine } = await import('../../run/machine.ts');
        const { checks, install } = await checkMachine();
        if (options.json) printJson({ checks, install });
        else {
          show(checks);
          if (install !== undefined) print(`to install everything missing: ${install}`);
        }
        exit(codeOf(checks));
        return;
      }
      const { checkExperiment } = await import('../../run/doctor.ts');
      const checks = await checkExperiment(file, (targets) => {
        if (!options.json) tell(`checking ${targets} target${targets === 1 ? '' : 's'} ...`);
      });
      if (options.json) printJson({ checks });
      else show(checks);
      exit(codeOf(checks));
    });

function codeOf(checks: readonly Check[]): 0 | 4 {
  return checks.every(({ ok }) => ok) ? 0 : 4;
}

function show(checks: readonly Check[]): void {
  const colours = coloursFor(process.stdout);
  for (const { target, what, ok, found, next } of checks) {
    print(`${ok ? colours.green('✓') : colours.red('✗')} ${target}: ${what}: ${oneLine(found, 160)}`);
    if (next !== undefined) print(`    next: ${oneLine(next, 2000)}`);
  }
  const bad = checks.filter(({ ok }) => !ok).length;
  print(bad === 0 ? 'all checks passed' : `${bad} of ${checks.length} checks failed`);
}
