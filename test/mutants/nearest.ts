/** Which tests are run for a mutant, and in which order. */
import type { Cover } from './coverage.ts';
import { runTest } from './test-run.ts';
import type { Tree } from './tree.ts';

/** What the tests of one mutant may take together when they pass; those further away are left out. */
const BUDGET_MS = 30_000;

export type Timed = Cover & { readonly durationMs: number };

/** The nearest tests, the faster ones of the same distance first, as many as the budget has room for, but at least one. */
export function nearestTests(): (tree: Tree, covers: readonly Cover[]) => Promise<Timed[]> {
  const known = new Map<string, Promise<number>>();
  return async (tree, covers) => {
    const chosen: Timed[] = [];
    let leftMs = BUDGET_MS;
    for (const distance of [...new Set(covers.map((one) => one.distance))].sort((a, b) => a - b)) {
      const ring: Timed[] = [];
      for (const cover of covers.filter((one) => one.distance === distance)) {
        const duration = known.get(cover.test) ?? baselineMs(tree, cover.test);
        known.set(cover.test, duration);
        ring.push({ ...cover, durationMs: await duration });
      }
      for (const timed of ring.sort((a, b) => a.durationMs - b.durationMs)) {
        leftMs -= timed.durationMs;
        if (leftMs < 0 && chosen.length > 0) return chosen;
        chosen.push(timed);
      }
    }
    return chosen;
  };
}

/** How long a test takes when nothing is changed. It must pass, or it would kill every mutant. */
async function baselineMs(tree: Tree, test: string): Promise<number> {
  const { outcome, durationMs, failed } = await runTest(tree, test, 300_000);
  if (outcome !== 'passed')
    throw new Error(`${test} ${outcome} with nothing changed: ${failed ?? 'it does not load'}`);
  return durationMs;
}
