import { Command } from '@commander-js/extra-typings';
import { print, printJson } from '../terminal/output.ts';
import type { MakeCommand } from './command.ts';
import { blocks, json, only, seed, shard } from './options.ts';

export const plan: MakeCommand = (exit) =>
  new Command('plan')
    .description('print the order and number of trials and a time estimate; touches nothing')
    .argument('<file>', 'the experiment file')
    .addOption(seed())
    .addOption(only())
    .addOption(blocks())
    .addOption(shard())
    .addOption(json())
    .action(async (file, options) => {
      const [{ planRun }, { planText }] = await Promise.all([
        import('../../run/plan.ts'),
        import('../terminal/plan-text.ts'),
      ]);
      const planned = await planRun(file, options);
      const { expectedMs, worstMs } = planned.time;
      const { budget } = planned.experiment.design;
      if (options.json)
        printJson({
          ...planned.plan,
          time: { expectedMs, worstMs, budgetMs: budget ?? null },
          outlook: planned.outlook,
        });
      else print(planText(planned));
      exit(0);
    });
