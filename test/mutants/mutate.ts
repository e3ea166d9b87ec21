/** Changes a copy of the sources in one place at a time, and sees whether a test fails. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { seeded } from '../../src/statistics/prng.ts';
import { type Argument, isAbout } from './argued.ts';
import { type Cover, coverage } from './coverage.ts';
import { type Mutant, mutated } from './mutations.ts';
import { type TestRun, runTest } from './test-run.ts';
import type { Tree } from './tree.ts';
import { typechecker } from './typecheck.ts';

/** Of the tests that import a source by way of others, no further one is begun once they took so long together. */
const BUDGET_MS = 30_000;
/** A mutant is in a loop where a test takes this many times as long as without it, and a while. */
const SLOWER = 4;
const WHILE_MS = 10_000;

const NOT_LOADED = 'it does not load';

export interface Verdict {
  readonly mutant: Mutant;
  readonly outcome: 'killed' | 'timed out' | 'survived' | 'argued away';
  /** What killed it, what it survived, or the argument. */
  readonly by: string;
}

export interface Mutation {
  readonly mutants: readonly Mutant[];
  readonly seed: number;
  readonly count: number;
  readonly argued: readonly Argument[];
  /** Where mutants are tried, each in one of them. */
  readonly trees: readonly Tree[];
  readonly onVerdict: (verdict: Verdict) => void;
}

/** Tries `count` mutants that compile, in the seed's order. */
export async function mutate(root: string, { trees, argued, onVerdict, ...choice }: Mutation): Promise<void> {
  const covers = coverage(root);
  const baselines = new Map<string, number>();
  const verdictOn = async (tree: Tree, mutant: Mutant): Promise<Verdict> => {
    const argument = argued.find((one) => isAbout(one, mutant));
    if (argument !== undefined) return { mutant, outcome: 'argued away', by: argument.why };
    return tried(tree, mutant, covers.get(mutant.file) ?? [], baselines);
  };
  const chosen = choose(root, choice); // each tree takes the next one
  await Promise.all(
    trees.map(async (tree) => {
      for (const mutant of chosen) onVerdict(await verdictOn(tree, mutant));
    }),
  );
}

function* choose(root: string, { mutants, seed, count }: Pick<Mutation, 'mutants' | 'seed' | 'count'>) {
  const compiles = typechecker(root);
  let left = count;
  for (const mutant of seeded(seed).shuffle(mutants)) {
    if (left === 0) return;
    if (!compiles(mutant.file, mutated(readFileSync(join(root, mutant.file), 'utf8'), mutant))) continue;
    left--;
    yield mutant;
  }
}

/** The nearest tests first, and the faster ones of those that are as near. */
async function tried(
  tree: Tree,
  mutant: Mutant,
  covers: readonly Cover[],
  baselines: Map<string, number>,
): Promise<Verdict> {
  const known = ({ test }: Cover) => baselines.get(test) ?? 0;
  const survived: string[] = [];
  let spentMs = 0;
  for (const { test, distance } of covers.toSorted(
    (a, b) => a.distance - b.distance || known(a) - known(b),
  )) {
    if (spentMs > BUDGET_MS) break;
    const baselineMs = baselines.get(test) ?? (await baseline(tree, test));
    baselines.set(test, baselineMs);
    if (baselineMs === Infinity) {
      survived.push(`${test} (which fails with nothing changed)`);
      continue;
    }
    const limitMs = Math.max(WHILE_MS, SLOWER * baselineMs);
    const { outcome, durationMs, failed } = await withMutant(tree, mutant, () =>
      runTest(tree, test, limitMs),
    );
    if (outcome === 'failed') return { mutant, outcome: 'killed', by: `${test}: ${failed ?? NOT_LOADED}` };
    if (outcome === 'timed out') return { mutant, outcome, by: test };
    survived.push(test);
    if (distance > 1) spentMs += durationMs;
  }
  return { mutant, outcome: 'survived', by: survived.join(' ') || 'no test covers it' };
}

/** How long a test takes where nothing is changed. One that fails then would kill every mutant, and is infinitely slow. */
async function baseline(tree: Tree, test: string): Promise<number> {
  const { outcome, durationMs } = await runTest(tree, test, 300_000);
  return outcome === 'passed' ? durationMs : Infinity;
}

async function withMutant(tree: Tree, mutant: Mutant, run: () => Promise<TestRun>): Promise<TestRun> {
  const source = join(tree.path, mutant.file);
  const original = readFileSync(source, 'utf8');
  writeFileSync(source, mutated(original, mutant));
  try {
    return await run();
  } finally {
    writeFileSync(source, original);
  }
}
