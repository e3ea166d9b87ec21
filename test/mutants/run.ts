/**
 * `npm run mutants -- --seed 1 --count 100 [part of a path ...]`: do the tests fail where the program is wrong?
 * Ours and not Stryker, whose current version needs Node 22, and none of which tries a seeded sample.
 */
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { argumentsIn, isAbout } from './argued.ts';
import { coverage, filesBelow } from './coverage.ts';
import { type Verdict, mutate } from './mutate.ts';
import { mutantsOf } from './mutations.ts';
import { endTests } from './test-run.ts';
import { makeTrees } from './tree.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { seed: { type: 'string', default: '1' }, count: { type: 'string', default: '100' } },
});
const print = (text: string) => process.stdout.write(`${text}\n`);
const root = join(import.meta.dirname, '../..');

const covers = coverage(root);
const sources = filesBelow(root, 'src', '.ts');
const bare = sources.filter((file) => !covers.has(file));
print(`left out, since only tests that take minutes see them: ${bare.join(', ')}`);
const all = sources
  .filter((file) => covers.has(file))
  .flatMap((file) => mutantsOf(file, readFileSync(join(root, file), 'utf8')));
const mutants = all.filter(
  ({ file }) => positionals.length === 0 || positionals.some((part) => file.includes(part)),
);
const argued = argumentsIn(join(import.meta.dirname, 'argued.json'));
const stale = argued.filter((one) => !all.some((mutant) => isAbout(one, mutant)));
for (const { file, was } of stale) print(`argued.json is about what is no more in ${file}: ${was}`);

const { trees, remove } = makeTrees(root, availableParallelism());
process.on('exit', () => {
  endTests();
  remove();
});
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(130));

const verdicts: Verdict[] = [];
const [seed, count] = [Number(values.seed), Number(values.count)];
const onVerdict = (verdict: Verdict) => {
  verdicts.push(verdict);
  const { mutant, outcome, by } = verdict;
  const [from, to] = [mutant.from, mutant.to].map((text) => text.replace(/\s+/g, ' ').slice(0, 60));
  print(`${outcome.padEnd(11)}  ${mutant.file}:${mutant.line}  ${from} -> ${to}  (${by})`);
};
await mutate(root, { mutants, seed, count, argued, trees, onVerdict });

const of = (wanted: Verdict['outcome']) =>
  `${verdicts.filter(({ outcome }) => outcome === wanted).length} ${wanted}`;
const sums = (['killed', 'timed out', 'argued away', 'survived'] as const).map(of).join(', ');
print(`${verdicts.length} of ${mutants.length} mutants, seed ${seed}: ${sums}`);
process.exitCode = verdicts.some(({ outcome }) => outcome === 'survived') || stale.length > 0 ? 1 : 0;
