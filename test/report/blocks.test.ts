/** What happened in each block, and where a thing is placed that tells no block itself. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Results } from '../../src/compare/results.ts';
import { blockStories } from '../../src/report/blocks.ts';
import { blocks, lost } from '../../src/report/html-blocks.ts';
import { simulatedRun } from '../compare/simulated-run.ts';
import { madeResults } from './made-run.ts';
import { wordsOf } from './rows.ts';

/** Trials of a block begin in the minute of its number. */
const results: Results = {
  ...madeResults,
  cells: madeResults.cells.map((cell) => ({
    ...cell,
    trials: cell.trials.map((trial) => ({ ...trial, wall: `2030-01-01T00:0${trial.block}:00.000Z` })),
  })),
};
const incident = (wall: string, trial: string | null) => ({
  ...{
    wall: `2030-01-01T${wall}.000Z`,
    kind: 'noise',
    target: 'b',
    trial,
    text: 'a hypervisor kept CPU time',
  },
});
const placed = (...incidents: Results['incidents']) =>
  blockStories({ ...results, incidents }).flatMap((story) => story.incidents.map(() => story.block));

describe('the stories of blocks', () => {
  it('have an incident in its trial’s block, also where that trial gave no figure', () => {
    assert.deepEqual(placed(incident('00:00:00', 'b2.plain.fresh')), [2]);
    assert.deepEqual(placed(incident('00:00:00', 'b3.plain.large')), [3]);
  });

  it('have one of no trial in the block that had begun by then, the first where none had', () => {
    assert.deepEqual(placed(incident('00:04:30', null)), [4]);
    assert.deepEqual(placed(incident('00:04:00', 'gone')), [4]);
    assert.deepEqual(placed(incident('00:00:30', null)), [1]);
  });

  it('have evidence by mode, and trials without a figure', () => {
    const [, , third, , fifth] = blockStories(results);
    assert.deepEqual(third!.attested.get('cached'), { held: 2, of: 2 });
    assert.deepEqual(fifth!.attested.get('cached'), { held: 1, of: 2 });
    assert.deepEqual(
      [third!, fifth!].map((story) => story.lost.map(({ trial }) => trial)),
      [['b3.plain.large'], ['b5.cached.fresh']],
    );
  });
});

describe('the page’s blocks', () => {
  it('are all there while they are few; of many, those in which something happened', () => {
    const rows = (told: Results) => blocks(told).text.match(/<th scope="row">/g)?.length ?? 0;
    assert.equal(rows(results), 6);
    const many = simulatedRun({ design: '{ blocks: 60, samples: 1, warmup: 0 }' }).results;
    assert.equal(rows(many), 0);
    const page = {
      ...many,
      incidents: [incident('00:00:00', 'b07.slow.work'), incident('00:00:00', 'b07.slow.work')],
    };
    assert.equal(rows(page), 1);
    assert.match(
      wordsOf(blocks(page).text),
      /59 uneventful blocks.* 7 a hypervisor kept CPU time \(2 times\)/,
    );
  });

  it('are none, and no trial is without a figure, where nothing was run', () => {
    const nothing = { ...results, cells: [], attestations: [], incidents: [], unsuccessful: [] };
    assert.deepEqual([blocks(nothing).text, lost(nothing).text], ['', '']);
  });
});
