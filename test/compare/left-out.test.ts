import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { resultsOf } from '../../src/compare/compare.ts';
import { recordOf } from '../../src/record/fold.ts';
import { type Figures, Story, runOf, trialOf } from '../support/events.ts';

describe('figures that can be in no result', () => {
  /** Results of blocks whose trials tell, each, what `figures` makes. */
  function resultsWith(blocks: number, figures: (trial: number) => Omit<Figures, 'better' | 'target'>) {
    const values = Array.from({ length: blocks }, () => [5]);
    const { experiment, plan } = runOf(values, values);
    const story = new Story().begin();
    let trial = 0;
    for (let block = 1; block <= blocks; block++)
      for (const mode of ['native', 'slow']) {
        const id = trialOf(block, mode);
        story
          .attest(block, mode)
          .start(id)
          .sample(id, 0, [figures(trial++)])
          .end(id);
      }
    return resultsOf(experiment, plan, recordOf(story.events));
  }
  const warned = ({ warnings }: ReturnType<typeof resultsOf>) =>
    warnings.filter(({ code }) => code === 'figures-left-out').map(({ text }) => text);

  it('are counted, with what is expected instead', () => {
    const results = resultsWith(2, () => ({
      metrics: { gflops: [5, 1.7e308] },
      phases: { ['a\u0000']: 1, b: 2 },
    }));
    assert.deepEqual(
      results.cells.map(({ trials, phases }) => [trials.map(({ values }) => values), phases]),
      [
        [[[5], [5]], { b: 2 }],
        [[[5], [5]], { b: 2 }],
      ],
    );
    const [text, ...more] = warned(results);
    assert.match(text ?? '', /^mmul: 12 figures of its samples are excluded\. Expected at most 100 names, /);
    assert.deepEqual(more, []);
  });

  it('are not told of where all are in the results', () => {
    assert.deepEqual(warned(resultsWith(2, () => ({ metrics: { gflops: [5] }, phases: { a: 0 } }))), []);
  });

  it('are those whose names go on and on from trial to trial', () => {
    const results = resultsWith(60, (trial) => ({
      metrics: Object.fromEntries(Array.from({ length: 4 }, (_, at) => [`m${trial}.${at}`, [5]])),
      phases: Object.fromEntries(Array.from({ length: 5 }, (_, at) => [`p${trial}.${at}`, 5])),
    }));
    assert.deepEqual([results.cells.length, results.warmth.length], [200, 200]);
    for (const { phases } of results.cells) assert.ok(Object.keys(phases).length <= 100);
    assert.match(
      warned(results).join(),
      /^mmul: its trials report more than 100 names of metrics and phases\./,
    );
  });
});
