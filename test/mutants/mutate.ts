/** Changes a copy of the sources in one place at a time, and sees whether a test fails. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { seeded } from '../../src/statistics/prng.ts';
import { type Argument, isAbout } from './argued.ts';
import { coverage } from './coverage.ts';
import { type Mutant, mutated } from './mutations.ts';
import { type Timed, nearestTests } from './nearest.ts';
import { runTest } from './test-run.ts';
import type { Tree } from './tree.ts';
import { typechecker } from './typecheck.ts';

/** A mutant is in a loop where a test takes this many times as long as without it, and a while. */
const SLOWER = 4;
const WHILE_MS = 10_000;

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
  const nearest = nearestTests();
  const verdictOn = async (tree: Tree, mutant: Mutant): Promise<Verdict> => {
    const argument = argued.find((one) => isAbout(one, mutant));
    if (argument !== undefined) return { mutant, outcome: 'argued away', by: argument.why };
    return tried(tree, mutant, await nearest(tree, covers.get(mutant.file) ?? []));
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

async function tried({ path, scratch }: Tree, mutant: Mutant, tests: readonly Timed[]): Promise<Verdict> {
  const source = join(path, mutant.file);
  const original = readFileSync(source, 'utf8');
  writeFileSync(source, mutated(original, mutant));
  try {
    for (const { test, durationMs } of tests) {
      const limitMs = Math.max(WHILE_MS, SLOWER * durationMs);
      const { outcome, failed } = await runTest({ path, scratch }, test, limitMs);
      if (outcome === 'failed')
        return { mutant, outcome: 'killed', by: `${test}: ${failed ?? 'it does not load'}` };
      if (outcome === 'timed out') return { mutant, outcome, by: test };
    }
    return {
      mutant,
      outcome: 'survived',
      by: tests.map(({ test }) => test).join(' ') || 'no test covers it',
    };
  } finally {
    writeFileSync(source, original);
  }
}
