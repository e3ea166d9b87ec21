import { Argument, Command } from '@commander-js/extra-typings';
import type { ListedKind, ListedOption, ListedWhat } from '../../run/list.ts';
import { print, printJson } from '../terminal/output.ts';
import { wrapped } from '../terminal/wrapped.ts';
import type { MakeCommand } from './command.ts';
import { json } from './options.ts';

export const list: MakeCommand = (exit) =>
  new Command('list')
    .description(
      'list modes or workloads; with a name, show its options, requirements, attestation, failure modes and a working example',
    )
    .addArgument(new Argument('<what>', 'which').choices(['modes', 'workloads'] as const))
    .argument('[name]', 'a mode or workload to describe in full')
    .addOption(json())
    .action(async (what, name, options) => {
      const { listKinds } = await import('../../run/list.ts');
      const kinds = listKinds(what, name);
      if (options.json) printJson({ [what]: kinds });
      else if (name === undefined) printAll(what, kinds);
      else for (const kind of kinds) printOne(what, kind);
      exit(0);
    });

function printAll(what: ListedWhat, kinds: readonly ListedKind[]): void {
  const width = Math.max(...kinds.map(({ use }) => use.length));
  for (const { use, summary } of kinds) print(wrapped(`${use.padEnd(width)}  `, summary));
  print(`\nfor details: vgpubench list ${what} ${kinds[0]?.use ?? ''}`);
}

function printOne(what: ListedWhat, kind: ListedKind): void {
  print(wrapped(`${kind.use}: `, kind.summary, 0));
  for (const [name, value] of Object.entries(kind.facts)) print(`${name}: ${value}`);
  const needs = kind.needs.map(({ at, program }) => `${program} on the ${at}`);
  print(wrapped('needs: ', needs.join(', ') || 'nothing but ssh and a POSIX shell', 0));
  const costs = Object.entries(kind.hardwareCosts ?? {});
  if (costs.length > 0) print('\nassumed cost per crossing on hardware (key hardware-costs):');
  for (const [name, { low, high, source }] of costs)
    print(wrapped(`  ${name}: `, `${low / 1000} to ${high / 1000} µs; ${source}`, 6));
  print('\noptions:');
  for (const option of kind.options) print(wrapped(`  ${option.name}: `, optionWords(option), 6));
  print(what === 'modes' ? '\nattested by:' : '\nread from:');
  for (const sentence of kind.proof) print(wrapped('  - ', sentence, 4));
  print('\nhow it can fail:');
  for (const { told, next } of kind.fails) {
    print(wrapped('  - ', told, 4));
    print(wrapped('    next: ', next, 10));
  }
  print(`\nan example experiment:\n\n${kind.example.replaceAll(/^/gm, '    ').trimEnd()}`);
}

function optionWords({ takes, preset, required, words }: ListedOption): string {
  const absent = preset === undefined ? [] : [`default ${JSON.stringify(preset)}`];
  return [[takes, ...(required ? ['required'] : absent)].join('; '), words]
    .filter((part) => part !== '')
    .join('. ');
}
