import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { resultsOf } from '../../src/compare/compare.ts';
import { recordOf } from '../../src/record/fold.ts';
import { cpuCsv, cpuRows } from '../../src/report/cpu-cost.ts';
import { summaryMarkdown } from '../../src/report/markdown.ts';
import { Story, runOf, trialOf } from '../support/events.ts';

/** Two operations a trial; of `slow`, host and guest tell these CPU seconds, of `native` 1 s. */
function told(host: readonly (number | undefined)[], guest = 0.5) {
  const { experiment, plan } = runOf(
    host.map(() => [5]),
    host.map(() => [5]),
  );
  const story = new Story().begin();
  for (const [index, spentS] of host.entries())
    for (const mode of ['native', 'slow']) {
      const trial = trialOf(index + 1, mode);
      story.attest(index + 1, mode).trial(trial, [5, 5.1]);
      if (mode === 'native') story.add({ type: 'cpu', trial, target: 'bare', role: 'host', spentS: 1 });
      else story.add({ type: 'cpu', trial, target: 'g1', role: 'guest', spentS: guest });
      if (mode === 'slow' && spentS !== undefined)
        story.add({ type: 'cpu', trial, target: 'dom0', role: 'host', spentS });
    }
  return resultsOf(experiment, plan, recordOf(story.events));
}

describe('the CPU time that an operation costs', () => {
  const results = told([2, 2.2, 1.8]);
  const [native, slow] = results.cpuCosts!;

  it('is the host’s and the guests’, over all operations, with the host’s ratio to the baseline’s', () => {
    assert.deepEqual([native!.host, native!.guests, native!.ratio], [0.5, null, null]);
    assert.ok(Math.abs(slow!.host! - 1) < 1e-12 && slow!.guests === 0.25);
    const { value, low, high } = slow!.ratio!;
    assert.ok(Math.abs(value - 2) < 0.02 && low! < 2 && 2 < high!, `${value}`);
  });

  it('is absent, with a reason, where the host does not tell, and never 0', () => {
    const [, silent] = told([undefined, undefined]).cpuCosts!;
    assert.deepEqual([silent!.host, silent!.ratio, silent!.guests], [null, null, 0.25]);
    assert.match(silent!.why!, /names no host/);
  });

  it('has no ratio where it was too little to be read', () => {
    const [, little] = told([0, 0.01]).cpuCosts!;
    assert.deepEqual([little!.host! > 0, little!.ratio], [true, null]);
  });

  it('is absent where no trial tells, as in an older journal', () => {
    const { experiment, plan, events } = runOf([[5]], [[5]]);
    assert.equal(resultsOf(experiment, plan, recordOf(events)).cpuCosts, undefined);
  });

  it('is not that of a trial whose beginning an earlier session ran', () => {
    const story = new Story().begin().start('a');
    story.add({ type: 'run-resumed', versions: {}, pid: 1, retry: false }).start('a').end('a');
    story.add({ type: 'cpu', trial: 'a', target: 'dom0', role: 'host', spentS: 1 });
    assert.equal(recordOf(story.events).trials.get('a')?.cpu.size, 0);
  });

  it('stands in a file and in the summary', () => {
    assert.match(cpuRows(results)[1]!.join('|'), /^slow\|work|^slow\|mmul\|1(\.00)?\|199\.\d% \(/);
    assert.match(cpuCsv(results)!, /\r\nnative,mmul,0\.5,,,,,\r\nslow,mmul,1(\.0+\d+)?,0\.25,native,/);
    assert.match(summaryMarkdown(results), /\*\*Host CPU time\*\*/);
    assert.match(summaryMarkdown(told([undefined])), /unknown: the target names no host/);
  });
});
