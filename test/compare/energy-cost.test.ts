import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { resultsOf } from '../../src/compare/compare.ts';
import { resultsSchema } from '../../src/compare/results.ts';
import type { EventOf } from '../../src/record/event.ts';
import { recordOf } from '../../src/record/fold.ts';
import { energyCsv } from '../../src/report/energy-cost.ts';
import { summaryMarkdown } from '../../src/report/markdown.ts';
import { Story, runOf, trialOf } from '../support/events.ts';

type Energy = EventOf<'cpu'>['energy'];

/** Two operations a trial, in three blocks: `native` takes 10 J of its host, `slow` what host and guest tell. */
function told(host: (block: number) => Energy, guest?: Energy, native: Energy = { cpu: 10 }) {
  const { experiment, plan } = runOf([[5], [5], [5]], [[5], [5], [5]]);
  const story = new Story().begin();
  for (const block of [1, 2, 3])
    for (const mode of ['native', 'slow']) {
      const trial = trialOf(block, mode);
      story.attest(block, mode).trial(trial, [5, 5.1]);
      const spend = (target: string, role: 'host' | 'guest', energy: Energy) =>
        story.add({ type: 'cpu', trial, target, role, spentS: 1, ...(energy && { energy }) });
      if (mode === 'native') spend('bare', 'host', native);
      else {
        spend('dom0', 'host', host(block));
        spend('g1', 'guest', guest);
      }
    }
  return resultsOf(experiment, plan, recordOf(story.events));
}

describe('the energy that an operation costs', () => {
  const results = told((block) => ({ cpu: [19, 21, 20][block - 1]! }), { cpu: 1000 });

  it('is that of all packages of its hosts, with its ratio to the baseline’s, whatever a guest says', () => {
    const [native, slow] = results.energyCosts!;
    assert.deepEqual([native!.source, native!.joules, native!.ratio, native!.why], ['cpu', 5, null, null]);
    assert.equal(slow!.joules, 10);
    const { value, low, high } = slow!.ratio!;
    assert.ok(Math.abs(value - 2) < 0.01 && low! < 2 && 2 < high!, `${value}`);
  });

  it('of a GPU is what the guest tells that it is passed to, where its host does not', () => {
    const passed = told(() => undefined, { gpu: 4 }, { gpu: 6 }).energyCosts!;
    assert.deepEqual(
      passed.map(({ mode, source, joules }) => [mode, source, joules]),
      [
        ['native', 'gpu', 3],
        ['slow', 'gpu', 2],
      ],
    );
  });

  it('is null with its reason where a counter can’t be read, or one machine alone has one', () => {
    const [, hidden] = told(() => ({ cpu: null })).energyCosts!;
    assert.deepEqual([hidden!.joules, hidden!.ratio], [null, null]);
    assert.match(hidden!.why!, /only root may read RAPL/);
    const [, none] = told(() => undefined).energyCosts!;
    assert.match(none!.why!, /no visible RAPL/);
  });

  it('is absent where no machine has a counter, and untold in the summary where none can be read', () => {
    assert.equal(told(() => undefined, undefined, {}).energyCosts, undefined);
    const hidden = told(() => ({ cpu: null }), undefined, { cpu: null });
    assert.doesNotMatch(summaryMarkdown(hidden), /Energy/);
    assert.match(energyCsv(hidden)!, /slow,mmul,cpu,,native,,,,its counter/);
  });

  it('stands in the schema, in a file and in the summary', () => {
    resultsSchema
      .partial()
      .parse({ energyCosts: JSON.parse(JSON.stringify(results.energyCosts)) as unknown });
    assert.match(energyCsv(results)!, /\r\nnative,mmul,cpu,5,,,,,\r\nslow,mmul,cpu,10,native,/);
    assert.match(summaryMarkdown(results), /\*\*Energy\*\*[^]*\| slow \| mmul \| CPU packages \| 10/);
  });
});
