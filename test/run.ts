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
import { useBuilt } from './support/cli.ts';
import { closingLast } from './support/closing-last.ts';
import { GROUPS } from './support/groups.ts';
import { watchTemporary } from './support/left-behind.ts';
import { type Wave, wavesOf } from './support/schedule.ts';

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
  .sort();
if (files.length === 0) {
  process.stderr.write(`no test file of ${group} matches ${parts.join(', ')}\n`);
  process.exit(2);
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(130));

/** Several times what the longest file takes. */
const FILE_MS = 20 * 60_000;

const cores = availableParallelism();
const waves = values.watch ? [] : wavesOf({ root, files, read, cores });
const watched = watchTemporary();
process.on('exit', watched.end);
process.env.TMPDIR = watched.folder;
const fails = () => {
  process.exitCode = 1;
};
// While it watches, sources change, and each round has closing lines of its own.
if (values.watch)
  run({ files: files.map((path) => join(root, path)), concurrency: cores, watch: true })
    .on('test:fail', fails)
    .compose<NodeJS.ReadWriteStream>(new spec())
    .pipe(process.stdout);
else {
  useBuilt();
  for await (const text of closingLast(eventsOf(waves), complain)) process.stdout.write(text);
}

/** Of one wave after the other. What does not come to its end fails: nobody waits for it for ever. */
async function* eventsOf(waves: readonly Wave[]): AsyncGenerator<TestEvent> {
  for (const { files, concurrency } of waves)
    yield* run({ files, concurrency, timeout: FILE_MS }).on('test:fail', fails);
}

/** What tests leave is a failure like any other: it is theirs to remove, also where they kill what would. */
function complain(): string[] {
  const left = watched.left();
  if (left.length > 0) process.exitCode = 1;
  return left.map((path) => `✖ left behind: ${path}`);
}
