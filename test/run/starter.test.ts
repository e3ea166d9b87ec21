/** Experiment files to start from, with modes of chosen kinds. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseExperiment } from '../../src/experiment/load.ts';
import { modeKinds } from '../../src/mode/kinds.ts';
import { starterFor } from '../../src/run/starter.ts';
import { problemOf } from '../support/problem.ts';

const starts = (...uses: string[]) => parseExperiment(starterFor(uses), 'x.yaml');

describe('an experiment file to start from', () => {
  for (const { use } of modeKinds)
    it(`loads with ${use}, and has it`, () => {
      assert.ok(Object.values(starts(use).modes).some((mode) => mode.use === use));
    });

  it('has each of several kinds on its own machines, with its own baseline', () => {
    const { baseline, targets, modes } = starts('pvdrm', 'xengt');
    assert.equal(baseline, 'native');
    assert.deepEqual(Object.keys(targets), ['dom0', 'guest1', 'dom0-xengt', 'guest2']);
    assert.deepEqual(
      Object.entries(modes).map(([name, { on, baseline: own }]) => [name, on[0], own]),
      [
        ['native', 'dom0', undefined],
        ['pvdrm', 'guest1', undefined],
        ['native-xengt', 'dom0-xengt', undefined],
        ['mediated', 'guest2', 'native-xengt'],
      ],
    );
    assert.equal(targets['guest2']?.host, 'dom0-xengt');
  });

  it('is refused with a kind that there is not', () => {
    const { exitCode, next } = problemOf(() => starterFor(['pvdrm', 'xengd']));
    assert.deepEqual([exitCode, next], [2, 'did you mean xengt?']);
  });
});
