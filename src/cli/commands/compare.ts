import { Command } from '@commander-js/extra-typings';
import { coloursFor, print, printJson } from '../terminal/output.ts';
import type { MakeCommand } from './command.ts';
import { inconclusive, json, margin } from './options.ts';

export const compare: MakeCommand = (exit) =>
  new Command('compare')
    .description('compare a run with an earlier one, cell by cell: is anything slower?')
    .argument('<base>', 'the earlier run: its directory, its results.json, or @NAME of a saved baseline')
    .argument('<head>', 'the run to judge, given the same way')
    .addOption(margin('differences up to this count as the same (default: HEAD’s margin)'))
    .addOption(inconclusive())
    .addOption(json())
    .action(async (base, head, options) => {
      const [{ compareRuns }, { gateExitCode }, { gateText }, { showInCi }, { gateSummary }] =
        await Promise.all([
          import('../../run/gate.ts'),
          import('../../gate/gate.ts'),
          import('../terminal/gate-text.ts'),
          import('../terminal/ci.ts'),
          import('../../report/markdown.ts'),
        ]);
      const gate = compareRuns(base, head, options.margin, options.inconclusive);
      if (options.json) printJson(gate);
      else print(gateText(gate, coloursFor(process.stdout)));
      showInCi({ gate, summary: gateSummary(gate), location: head });
      exit(gateExitCode(gate));
    });
