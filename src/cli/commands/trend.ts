import { Command } from '@commander-js/extra-typings';
import { coloursFor, print, printJson, tell } from '../terminal/output.ts';
import type { MakeCommand } from './command.ts';
import { inconclusive, json, margin, seed } from './options.ts';

const EPILOGUE = `
Examples:
  $ vgpubench trend history.jsonl                       which cells changed, and between which commits?
  $ vgpubench trend reports/ --page trend.html          all runs in a directory, with charts
  $ vgpubench trend history.jsonl --by machine          separately for each value of a label
  $ vgpubench trend history.jsonl --check               is the newest run slower than run-to-run variation explains?

A series is cut where a target changed, such as its driver or kernel, and where the experiment
changed: nothing is compared across a cut. A label is one set by \`run --label\`, or \`branch\`,
or a fact such as \`guest1.kernel\`; \`kernel\` alone means that of every target.
`;

export const trend: MakeCommand = (exit) =>
  new Command('trend')
    .description('how has each cell changed over runs, and between which commits? exits like compare')
    .argument('<history>', 'a history, or a directory of histories or of runs')
    .option(
      '--check',
      'check only the newest run against the variation of earlier runs, and show the smallest slowdown it can detect',
      false,
    )
    .option(
      '--by <label>',
      'one series per value of this label; can be repeated',
      (label: string, before: readonly string[]) => [...before, label],
      [],
    )
    .addOption(margin('smaller changes are ignored (default: the newest run’s margin)'))
    .addOption(inconclusive())
    .addOption(seed('seed of the permutation test (default: 1)'))
    .option('--page <file>', 'also write a page of charts to this file')
    .addOption(json())
    .addHelpText('after', EPILOGUE)
    .action(async (path, options) => {
      const [{ checkNewest, trendIn }, { gateExitCode }, { checkText, trendText }] = await Promise.all([
        import('../../run/trend.ts'),
        import('../../gate/gate.ts'),
        import('../terminal/trend-text.ts'),
      ]);
      const request = { ...options, doing: nowAndThen() };
      const found = options.check ? checkNewest(path, request) : trendIn(path, request);
      const colours = coloursFor(process.stdout);
      if (options.json) printJson(found);
      else print('groups' in found ? trendText(found, colours) : checkText(found, colours));
      if (options.page !== undefined) tell(`page: ${options.page}`);
      exit(gateExitCode(found));
    });

/** Says what is being done, every two seconds. */
function nowAndThen(): (what: string) => void {
  let last = performance.now();
  return (what) => {
    if (performance.now() - last < 2000) return;
    last = performance.now();
    tell(what);
  };
}
