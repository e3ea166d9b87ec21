import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { seeded } from '../../src/statistics/prng.ts';
import { checkOf } from '../../src/trend/check.ts';
import { standardNormal } from '../statistics/draws.ts';
import { type SimulatedHistory, digestOf, simulatedHistory } from './simulated-history.ts';

/** So many runs of three cells, whose newest has the first cell shifted. */
function check(
  shift: number,
  { runs = 12, sd = 0.005, ...over }: Partial<SimulatedHistory> & { sd?: number } = {},
) {
  const random = seeded('check 2');
  const noise = Array.from({ length: 3 * runs }, () => sd * standardNormal(random));
  return checkOf(
    simulatedHistory({
      ...{ runs, cells: 3, margin: 0.03 },
      mean: (run, cell) => noise[3 * run + cell]! + (run === runs - 1 && cell === 0 ? shift : 0),
      ...over,
    }),
  );
}

describe('a check of the newest run', () => {
  it('passes where it is as those before it, and tells what it would have seen', () => {
    const found = check(0);
    assert.deepEqual(
      found.cells.map(({ verdict }) => verdict),
      ['same', 'same', 'same'],
    );
    assert.equal(found.outcome, 'passed');
    for (const { detects, earlier } of found.cells) {
      assert.equal(earlier, 11);
      assert.ok(detects! > 0.03 && detects! < 0.08, String(detects));
    }
  });

  it('fails where a cell is slower by more than runs vary and the margin allows', () => {
    const found = check(-0.1);
    assert.deepEqual(
      found.cells.map(({ verdict }) => verdict),
      ['slower', 'same', 'same'],
    );
    assert.equal(found.outcome, 'slower');
    const [{ ratio, low, high, confidence, adjustedP } = found.cells[1]!] = found.cells;
    assert.ok(Math.abs(ratio! - 0.905) < 0.01 && low! < ratio! && ratio! < high! && high! < 1 / 1.03);
    assert.ok(confidence > 0.95 && adjustedP < 0.05);
  });

  it('is inconclusive where runs vary by as much as that', () => {
    const found = check(-0.1, { sd: 0.06 });
    assert.equal(found.cells[0]?.verdict, 'inconclusive');
    assert.equal(found.outcome, 'inconclusive');
    assert.ok(found.cells[0].detects! > 0.1);
  });

  it('is inconclusive with fewer than five earlier runs, of the same environment alone', () => {
    const few = check(0, { runs: 5 });
    assert.deepEqual([few.outcome, few.cells[0]?.detects], ['inconclusive', null]);
    assert.deepEqual(
      few.warnings.map(({ code }) => code),
      ['short-history'],
    );
    const cut = (place: number) =>
      check(0, {
        environment: (run) => ({ environment: { guest: digestOf(run < place ? 0 : 1) }, facts: {} }),
      });
    assert.deepEqual(
      cut(11).warnings.map(({ code }) => code),
      ['trend-cut', 'short-history'],
    );
    assert.equal(cut(8).outcome, 'inconclusive');
    assert.deepEqual(
      cut(6).cells.map(({ earlier }) => earlier),
      [5, 5, 5],
    );
  });

  it('holds it against the runs since the last step, and at most the thirty newest', () => {
    const stepped = check(0, {
      runs: 40,
      mean: (run, cell) => (run < 20 ? 0 : -0.2) + 0.001 * (((7 * run + cell) % 5) - 2),
    });
    assert.deepEqual(
      stepped.cells.map(({ earlier }) => earlier),
      [19, 19, 19],
    );
    assert.deepEqual(
      check(0, { runs: 50 }).cells.map(({ earlier }) => earlier),
      [30, 30, 30],
    );
  });

  it('is incomplete where the run lost trials, or a cell that the one before it has and nobody left out', () => {
    assert.equal(check(0, { over: (run) => ({ whole: run < 11 }) }).outcome, 'incomplete');
    const without = (leftOut?: { modes: string[]; workloads: string[] }) => {
      const lines = simulatedHistory({ runs: 12, cells: 2, mean: (run) => 0.001 * (run % 3) });
      const newest = lines.at(-1)!;
      return checkOf([
        ...lines.slice(0, -1),
        { ...newest, cells: newest.cells.slice(1), ...(leftOut === undefined ? {} : { leftOut }) },
      ]);
    };
    assert.equal(without().outcome, 'incomplete');
    assert.deepEqual(
      without().warnings.map(({ code }) => code),
      ['cell-missing'],
    );
    assert.equal(without({ modes: [], workloads: ['w0'] }).outcome, 'passed');
  });

  it('takes no change for one that is within the step of a coarse figure', () => {
    const coarse = (open: number) =>
      check(0, {
        mean: (run, cell) => (run === 11 && cell === 0 ? -0.2 : 0),
        cellOver: () => ({ open }),
      });
    assert.equal(coarse(0).cells[0]?.verdict, 'slower');
    assert.equal(coarse(0.15).cells[0]?.verdict, 'inconclusive');
  });
});
