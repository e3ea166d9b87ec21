/** `npm run storm -- [--points N] [--seed N]`: whole runs under kill -9 and full disks; CONTRIBUTING.md says how. */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { watchTemporary } from '../support/left-behind.ts';
import { storm } from './storm.ts';

const { values } = parseArgs({
  options: { points: { type: 'string', default: '1000' }, seed: { type: 'string', default: '1' } },
});
const [points, seed] = [Number(values.points), Number(values.seed)];
if (![points, seed].every((number) => Number.isSafeInteger(number) && number >= 0)) {
  process.stderr.write('expected --points N and --seed N, whole numbers\n');
  process.exit(2);
}

const watched = watchTemporary();
process.on('exit', watched.end);
process.env.TMPDIR = watched.folder;
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(130));

const root = join(import.meta.dirname, '../..');
const found = await storm({
  ...{ points, seed },
  program: [join(root, 'bin/vgpubench')],
  kept: join(root, '.cache/storm'),
  tell: (line) => {
    process.stdout.write(`${line}\n`);
  },
});

const left = watched.left().map((path) => `left behind: ${path}`);
found.violations.push(...left);
const { harness, link, disk } = found.points;
process.stdout.write(`
kill -9 of the harness    ${harness}
kill -9 of ssh or sshd    ${link}
full disk                 ${found.noDisk === undefined ? disk : `none: ${found.noDisk}`}
runs                      ${found.runs}, ${(found.tookMs / 1000).toFixed(0)} s
sessions with --retry     ${found.retries}
slowest end               ${(found.slowest.tookMs / 1000).toFixed(1)} s, ${found.slowest.what}
violations                ${found.violations.length}
${left.join('\n')}`);
if (found.violations.length > 0) process.exitCode = 1;
