import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { groupsOf, segmentsOf } from '../../src/trend/series.ts';
import { type SimulatedHistory, digestOf, simulatedHistory } from './simulated-history.ts';

const history = (over: Partial<SimulatedHistory>) =>
  simulatedHistory({ runs: 6, cells: 1, mean: (run) => run / 100, ...over });
const labelled = (values: readonly string[]) =>
  history({ over: (run) => ({ origin: { labels: { machine: values[run % values.length] ?? '' } } }) });

describe('the series of a history', () => {
  it('are in order of time, whatever the order of the lines', () => {
    const lines = history({});
    const [group] = groupsOf(lines.toReversed(), []);
    assert.deepEqual(
      group?.runs.map(({ run }) => run),
      lines.map(({ run }) => run),
    );
    assert.deepEqual(
      group.series[0]?.points.map(({ mean }) => mean),
      [0, 0.01, 0.02, 0.03, 0.04, 0.05],
    );
  });

  it('are one for each experiment, and for each value of a label', () => {
    const two = history({ over: (run) => ({ experiment: run % 2 === 0 ? 'even' : 'odd' }) });
    assert.deepEqual(
      groupsOf(two, []).map(({ experiment, runs }) => [experiment, runs.length]),
      [
        ['odd', 3],
        ['even', 3],
      ],
    );
    assert.equal(groupsOf(labelled(['x', 'y', 'z']), []).length, 1);
    assert.deepEqual(
      groupsOf(labelled(['x', 'y', 'z']), ['machine']).map(({ labels }) => labels),
      [{ machine: 'z' }, { machine: 'y' }, { machine: 'x' }],
    );
  });

  it('are grouped by the branch, and by a fact of one target or of all', () => {
    const lines = history({
      environment: (run) => ({
        environment: {},
        facts: { 'dom0.kernel': '6.1', 'guest.kernel': run < 3 ? '6.1' : '6.8' },
      }),
    });
    assert.equal(groupsOf(lines, ['branch']).length, 1);
    assert.equal(groupsOf(lines, ['dom0.kernel']).length, 1);
    assert.equal(groupsOf(lines, ['guest.kernel']).length, 2);
    assert.deepEqual(groupsOf(lines, ['kernel'])[0]?.labels, { 'dom0.kernel': '6.1', 'guest.kernel': '6.8' });
    assert.equal(groupsOf(lines, ['none']).length, 1);
  });

  it('are cut where a target is not what it was, in words that name what is known of that', () => {
    const lines = history({
      environment: (run) => ({
        environment: {
          guest: digestOf(run < 2 ? 0 : run < 4 ? 1 : 2),
          ...(run === 3 ? {} : { host: digestOf(7) }),
        },
        facts: { 'guest.kernel': run < 2 ? '6.1' : '6.8' },
      }),
    });
    const [group] = groupsOf(lines, []);
    assert.deepEqual(group?.cuts, [
      { run: 2, why: 'guest.kernel was 6.1 and is 6.8' },
      { run: 4, why: 'guest has changed' },
    ]);
    assert.deepEqual(
      segmentsOf(group.series[0]!, group.cuts).map((points) => points.map(({ run }) => run)),
      [
        [0, 1],
        [2, 3],
        [4, 5],
      ],
    );
  });

  it('are cut for one cell where the experiment asks something else of it, and are another where its figure is', () => {
    const lines = history({
      cells: 2,
      cellOver: (run, cell) => ({ asked: digestOf(cell === 1 && run > 2 ? 1 : 0) }),
    });
    const [group] = groupsOf(lines, []);
    assert.deepEqual(
      group?.series.map(({ cuts }) => cuts.map(({ run }) => run)),
      [[], [3]],
    );
    const units = groupsOf(history({ cellOver: (run) => ({ unit: run < 3 ? 'ms' : 's' }) }), []);
    assert.deepEqual(
      units[0]?.series.map(({ unit, points }) => [unit, points.length]),
      [
        ['ms', 3],
        ['s', 3],
      ],
    );
  });

  it('go on over runs that lack the cell, and are cut where the cut was meanwhile', () => {
    const lines = history({
      environment: (run) => ({ environment: { guest: digestOf(run < 3 ? 0 : 1) }, facts: {} }),
    }).map((line, run) => (run === 3 || run === 1 ? { ...line, cells: [] } : line));
    const [group] = groupsOf(lines, []);
    assert.deepEqual(
      segmentsOf(group!.series[0]!, group!.cuts).map((points) => points.map(({ run }) => run)),
      [
        [0, 2],
        [4, 5],
      ],
    );
  });
});
