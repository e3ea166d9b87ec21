import { Command } from '@commander-js/extra-typings';
import { coloursFor, print, printJson, tell } from '../terminal/output.ts';
import type { MakeCommand } from './command.ts';
import { inconclusive, json, margin, seed } from './options.ts';

const EPILOGUE = `
Examples:
  $ vgpubench trend history.jsonl                       which cells changed, and between which commits?
  $ vgpubench trend reports/ --page trend.html          of all runs in a directory, with charts
  $ vgpubench trend history.jsonl --by machine          for each value of a label on its own
  $ vgpubench trend history.jsonl --check               is the newest run slower than runs vary?

A series is cut where a target is not what it was, such as by another driver or kernel, and where
the experiment asks something else: nothing is compared across a cut. A label is one of
\`run --label\`, \`branch\`, or a fact such as \`guest1.kernel\`; \`kernel\` is that of every target.
`;

export const trend: MakeCommand = (exit) =>
  new Command('trend')
    .description(
      'how has each cell changed from run to run, and between which commits? exits as compare does',
    )
    .argument('<history>', 'a history, or a directory of histories or of runs')
    .option(
      '--check',
      'the newest run alone, against how much the runs before it vary, with the smallest slowdown that it would have seen',
      false,
    )
    .option(
      '--by <label>',
      'a series for each value of it; may be given several times',
      (label: string, before: readonly string[]) => [...before, label],
      [],
    )
    .addOption(margin('smaller changes are of no consequence (default: the newest run’s)'))
    .addOption(inconclusive())
    .addOption(seed('of the permutation test (default: 1)'))
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
