import { InvalidArgumentError, Option } from '@commander-js/extra-typings';
import type { Part } from '../../experiment/part.ts';
import type { Shard } from '../../experiment/shard.ts';
import { isPrintableLine } from '../../words/printable.ts';

/** Options that several commands have. */
export const json = () => new Option('--json', 'print data as JSON').default(false);
export const table = () => new Option('--table', 'also print the table of every comparison').default(false);
export const quiet = () =>
  new Option('-q, --quiet', 'print no progress, only the outcome and problems').default(false);
export const verbose = () =>
  new Option('-v, --verbose', 'print a line per event instead of the live view').default(false);
export const openIt = () => new Option('--open', 'show the report in the browser').default(false);
export const out = () => new Option('--out <dir>', 'the run directory (default: a new one under reports/)');
export const seed = (help = 'instead of design.seed') =>
  new Option('--seed <n>', help).argParser((text) => whole(text, 0, 4294967295));
export const gate = () =>
  new Option(
    '--gate <base>',
    'afterwards compare with an earlier run, with the output and exit code of `vgpubench compare`; @NAME is a saved baseline',
  );
export const blocks = () =>
  new Option('--blocks <n>', 'instead of design.blocks').argParser((text) => whole(text, 1, 10_000));
export const confirm = () =>
  new Option(
    '--confirm <n>',
    'with --gate: measure n more blocks of cells that look slower or are inconclusive; only those blocks decide',
  ).argParser((text) => whole(text, 1, 1000));
export const only = () =>
  new Option(
    '--only <what>',
    'run only these and their baselines, such as mode=pvdrm,workload=mmul; a comparison with an earlier run leaves out the rest, too',
  ).argParser(part);
export const shard = () =>
  new Option(
    '--shard <i/n>',
    'run only blocks i, i + n, i + 2n and so on, such as 1/4; vgpubench merge combines all shards into one run',
  ).argParser(shardOf);
export const unit = () =>
  new Option('--unit <what>', 'the unit that intervals treat as independent')
    .choices(['block', 'node'] as const)
    .default('block' as const);
export const attempts = () =>
  new Option('--attempts <n>', 'how many times to submit a shard that gets lost, at most')
    .argParser((text) => whole(text, 1, 100))
    .default(3);
export const everyS = () =>
  new Option('--every <s>', 'seconds between queries to Slurm')
    .argParser((text) => whole(text, 1, 3600))
    .default(10);
export const inconclusive = () =>
  new Option('--inconclusive <outcome>', 'exit code of an inconclusive gate: 0 or 1, instead of 3').choices([
    'pass',
    'fail',
  ] as const);
export const saveBaseline = () =>
  new Option(
    '--save-baseline <name>',
    'if the exit code is 0, save the run as baseline @name for later comparisons',
  );
export const keepGoing = () =>
  new Option(
    '--keep-going',
    'start even if no trial can give a figure because targets don’t answer or programs are missing; by default the run ends at once',
  ).default(false);
export const margin = (help = 'margin of the gate, instead of design.margin') =>
  new Option('--margin <percentage>', help).argParser(share);

/** @throws InvalidArgumentError */
export function whole(text: string, least: number, most: number): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isInteger(value) || value < least || value > most)
    throw new InvalidArgumentError(`expected a whole number from ${least} to ${most}`);
  return value;
}

/** @throws InvalidArgumentError */
function shardOf(text: string): Shard {
  const [, index = '', of = ''] = /^(\d{1,5})\/(\d{1,5})$/.exec(text) ?? [];
  const found = { index: Number(index), of: Number(of) };
  if (found.index < 1 || found.index > found.of)
    throw new InvalidArgumentError('expected a shard such as 1/4: the first of four');
  return found;
}

export const label = () =>
  new Option(
    '--label <key=value>',
    'a label of the run, shown in its report and usable in `trend --by`, such as driver=550.54; can be repeated',
  ).argParser(labelled);

type Only = NonNullable<Part['only']>;

/** @throws InvalidArgumentError */
function part(text: string, before: Only = { modes: [], workloads: [] }): Only {
  const named = (key: string) =>
    text.split(',').flatMap((one) => (one.startsWith(`${key}=`) ? one.slice(key.length + 1) : []));
  const [modes, workloads] = [named('mode'), named('workload')];
  if (modes.length + workloads.length < text.split(',').length || [...modes, ...workloads].includes(''))
    throw new InvalidArgumentError('expected mode=NAME or workload=NAME, several separated by commas');
  return { modes: [...before.modes, ...modes], workloads: [...before.workloads, ...workloads] };
}

/** @throws InvalidArgumentError */
function labelled(text: string, before: Readonly<Record<string, string>> = {}): Record<string, string> {
  const [, key = '', value = ''] = /^([A-Za-z0-9][A-Za-z0-9._-]{0,62})=(.{1,200})$/u.exec(text) ?? [];
  if (key === '' || key === '__proto__' || !isPrintableLine(value))
    throw new InvalidArgumentError(
      'expected key=value: a key of letters, digits, dots, dashes and underscores, and a value on one line, at most 200 characters',
    );
  if (Object.hasOwn(before, key))
    throw new InvalidArgumentError(`expected each key once, found ${key} twice`);
  return { ...before, [key]: value };
}

/** As in an experiment file, but without the cost of loading its parser in every command. */
function share(text: string): number {
  const found = /^\d+(\.\d+)?%$/.test(text) ? Number(text.slice(0, -1)) / 100 : 0;
  if (found <= 0 || found >= 1) throw new InvalidArgumentError('expected a percentage such as 3%');
  return found;
}
