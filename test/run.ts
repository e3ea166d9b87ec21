/**
 * Runs test files: `run.ts [--group core|fast|long] [--watch] [part of a path ...]`. npm's scripts call it, so that they
 * need no shell globbing.
 */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { run } from 'node:test';
import { type TestEvent, spec } from 'node:test/reporters';
import { parseArgs } from 'node:util';
import { closingLast } from './support/closing-last.ts';
import { GROUPS } from './support/groups.ts';
import { watchTemporary } from './support/left-behind.ts';
import { shardsOf } from './support/shards.ts';

const { values, positionals: parts } = parseArgs({
  options: { group: { type: 'string', default: 'core' }, watch: { type: 'boolean', default: false } },
  allowPositionals: true,
});
if (!Object.hasOwn(GROUPS, values.group))
  throw new Error(`expected a group of ${Object.keys(GROUPS).join(', ')}`);
const group = values.group as keyof typeof GROUPS;

const root = join(import.meta.dirname, '..');
const read = (path: string) =>
  existsSync(join(root, path)) ? readFileSync(join(root, path), 'utf8') : undefined;
const files = readdirSync(import.meta.dirname, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.test.ts'))
  .filter((path) => parts.length === 0 || parts.some((part) => path.includes(part)))
  .map((path) => `test/${path}`)
  .filter((path) => GROUPS[group](path, read))
  .sort()
  .map((path) => join(root, path));
if (files.length === 0) {
  process.stderr.write(`no test file of ${group} matches ${parts.join(', ')}\n`);
  process.exit(2);
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(130));

// The fast ones are beside each other; of the core several time things, and two cores are easily shared out.
const cores = availableParallelism();
const shards = group === 'fast' && !values.watch ? shardsOf(files, 4 * cores) : files;
const watched = watchTemporary();
process.on('exit', watched.end);
process.env.TMPDIR = watched.folder;
const events = run({
  files: shards,
  concurrency: group === 'fast' ? cores : 1,
  watch: values.watch,
}).on('test:fail', () => {
  process.exitCode = 1;
});
// While it watches, each round has closing lines of its own.
if (values.watch) events.compose<NodeJS.ReadWriteStream>(new spec()).pipe(process.stdout);
else
  events
    .compose<NodeJS.ReadWriteStream>((told: AsyncIterable<TestEvent>) => closingLast(told, complain))
    .pipe(process.stdout);

/** What tests leave is a failure like any other: it is theirs to remove, also where they kill what would. */
function complain(): string[] {
  const left = watched.left();
  if (left.length > 0) process.exitCode = 1;
  return left.map((path) => `✖ left behind: ${path}`);
}
