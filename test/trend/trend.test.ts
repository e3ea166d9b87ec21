import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { derive, seeded } from '../../src/statistics/prng.ts';
import { type TrendOptions, trendOf } from '../../src/trend/trend.ts';
import { standardNormal } from '../statistics/draws.ts';
import { type SimulatedHistory, commitOf, digestOf, simulatedHistory } from './simulated-history.ts';

const SD = 0.01;

/** 30 runs of four cells with a noise of 1% between runs. */
function trend(
  shift: (run: number, cell: number) => number,
  over: Partial<SimulatedHistory> = {},
  options: TrendOptions = {},
) {
  const random = seeded(derive('trend', 2));
  const noise = Array.from({ length: 60 * 4 }, () => SD * standardNormal(random));
  return trendOf(
    simulatedHistory({
      runs: 30,
      cells: 4,
      mean: (run, cell) => shift(run, cell) + noise[4 * run + cell]!,
      ...over,
    }),
    options,
  );
}
const first = (found: ReturnType<typeof trend>) => found.groups[0]!.cells[0]!;
const changes = (found: ReturnType<typeof trend>) => first(found).changes;
const at = (place: number, size: number) => (run: number, cell: number) =>
  cell === 0 && run >= place ? size : 0;

describe('a trend', () => {
  it('is steady where nothing but noise is, and passes', () => {
    const found = trend(() => 0);
    assert.deepEqual(
      found.groups[0]?.cells.map(({ verdict }) => verdict),
      ['steady', 'steady', 'steady', 'steady'],
    );
    assert.equal(found.outcome, 'passed');
  });

  it('names a step with the runs, and so the commits, that it is between', () => {
    const found = trend(at(17, -0.06));
    const [step, ...others] = changes(found);
    assert.deepEqual(
      [others.length, step?.kind, step?.verdict, found.outcome],
      [0, 'step', 'slower', 'slower'],
    );
    const { runs } = found.groups[0]!;
    assert.deepEqual([runs[step!.from]?.commit, runs[step!.to]?.commit], [commitOf(16), commitOf(17)]);
    assert.ok(Math.abs(step!.ratio - Math.exp(-0.06)) < 0.01, String(step!.ratio));
    assert.ok(step!.before > step!.after);
  });

  it('passes where the newest change is for the better', () => {
    const found = trend((run, cell) => (cell === 0 ? (run < 10 ? 0 : run < 20 ? -0.08 : 0) : 0));
    assert.deepEqual(
      changes(found).map(({ verdict }) => verdict),
      ['slower', 'faster'],
    );
    assert.deepEqual([first(found).verdict, found.outcome], ['faster', 'passed']);
  });

  it('calls a drift a drift', () => {
    const found = trend((run, cell) => (cell === 0 ? -0.004 * run : 0));
    const [drift, ...others] = changes(found);
    assert.deepEqual([others.length, drift?.kind, drift?.from, drift?.to], [0, 'drift', 0, 29]);
    assert.ok(Math.abs(drift!.ratio - Math.exp(-0.116)) < 0.02, String(drift!.ratio));
  });

  it('has no word for what is smaller than the margin', () => {
    assert.equal(changes(trend(at(15, -0.06), { margin: 0.1 })).length, 0);
    assert.equal(changes(trend(at(15, -0.06), { margin: 0.1 }, { margin: 0.01 })).length, 1);
  });

  it('compares nothing across a cut, and is inconclusive where too few runs follow it', () => {
    const cutAt = (place: number) => ({
      environment: (run: number) => ({ environment: { guest: digestOf(run < place ? 0 : 1) }, facts: {} }),
    });
    const whole = trend((run) => (run < 15 ? 0 : -0.2), cutAt(15));
    const [group] = whole.groups;
    assert.ok(group !== undefined);
    assert.deepEqual(
      group.cells.flatMap((cell) => cell.changes),
      [],
    );
    assert.deepEqual([whole.outcome, group.cuts.length], ['passed', 1]);
    const short = trend((run) => (run < 25 ? 0 : -0.2), cutAt(25));
    assert.deepEqual([first(short).verdict, short.outcome], ['too few', 'inconclusive']);
  });

  it('is not held up by a cell that is new, nor by another experiment of few runs', () => {
    const lines = simulatedHistory({ runs: 30, cells: 2, mean: (run, cell) => 0.001 * ((run + cell) % 3) });
    const found = trendOf([
      ...lines.map((line, run) => (run < 25 ? { ...line, cells: line.cells.slice(0, 1) } : line)),
      ...simulatedHistory({
        runs: 2,
        cells: 1,
        mean: () => 0,
        over: (run) => ({ experiment: 'other', run: digestOf(90 + run) }),
      }),
    ]);
    assert.deepEqual(
      found.groups.map(({ experiment, cells }) => [experiment, ...cells.map(({ verdict }) => verdict)]),
      [
        ['simulated', 'steady', 'too few'],
        ['other', 'too few'],
      ],
    );
    assert.equal(found.outcome, 'passed');
  });

  it('does not take one odd run for a step', () => {
    const found = trend((run, cell) => (cell === 0 && run === 14 ? -0.5 : 0));
    assert.deepEqual(changes(found), []);
  });

  it('is in the unit of a baseline, whose interval has its ends in order', () => {
    const found = trend((run, cell) => Math.log(1 / 100) + at(15, -0.06)(run, cell), {
      cellOver: () => ({ kind: 'raw' }),
    });
    const [step] = changes(found);
    assert.ok(step !== undefined);
    assert.ok(step.before < step.after && Math.abs(step.before - 100) < 2, 'ms, lower is better');
    assert.equal(step.verdict, 'slower');
    for (const { low, value, high } of first(found).points) assert.ok(low! < value && value < high!);
  });

  it('is the same for the same lines in any order', () => {
    const lines = simulatedHistory({ runs: 20, cells: 2, mean: (run, cell) => at(9, -0.1)(run, cell) });
    assert.deepEqual(trendOf(lines.toReversed()), trendOf(lines));
  });
});
