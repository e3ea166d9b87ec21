import { Command } from '@commander-js/extra-typings';
import type { MakeCommand } from './command.ts';
import {
  attempts,
  everyS,
  gate,
  inconclusive,
  json,
  margin,
  openIt,
  saveBaseline,
  table,
  unit,
} from './options.ts';

const EXAMPLE = `
Example:
  $ vgpubench submit experiment.yaml --shards 4     prints DIR
  $ vgpubench collect DIR --gate @main

Waits until every shard has ended, resubmits those that were lost with their node, and merges
them into DIR/merged. It can be stopped at any time and called again; submitted jobs keep running.
DIR/shards has each shard's run and, beside it, its exit code; DIR/logs has its output.
`;

export const collect: MakeCommand = (exit) =>
  new Command('collect')
    .description('wait for the shards that submit submitted, and merge them into one run')
    .argument('<dir>', 'the directory that submit printed')
    .addOption(everyS())
    .addOption(attempts())
    .addOption(unit())
    .addOption(gate())
    .addOption(margin())
    .addOption(inconclusive())
    .addOption(saveBaseline())
    .addOption(table())
    .addOption(openIt())
    .addOption(json())
    .addHelpText('after', EXAMPLE)
    .action(async (directory, options) => {
      const { collected } = await import('../terminal/collected.ts');
      exit(await collected(directory, options));
    });
