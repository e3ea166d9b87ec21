import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { gateOf } from '../../src/gate/gate.ts';
import { parseExperiment } from '../../src/experiment/load.ts';
import { Problem } from '../../src/problem.ts';
import type { PlannedTrial } from '../../src/plan/plan.ts';
import { summaryMarkdown } from '../../src/report/markdown.ts';
import { selfLine } from '../../src/report/wording.ts';
import { simulatedRun } from './simulated-run.ts';

const design = '{ blocks: 10, samples: 2, warmup: 0, aa: 2 }';

describe('A/A arms', () => {
  it('are in plan and results under names of their own', () => {
    const { plan, results } = simulatedRun({ design });
    const block = plan.trials.filter((trial) => trial.block === 1).map(({ mode }) => mode);
    assert.deepEqual(block.sort(), ['native', 'native-aa', 'native-aa-2', 'slow']);
    assert.deepEqual(plan.trials.find(({ mode }) => mode === 'native-aa')!.targets, ['a']);
    const { falsePositives } = results;
    assert.deepEqual(
      [falsePositives!.modes, falsePositives!.comparisons, falsePositives!.rate, falsePositives!.low],
      [['native-aa', 'native-aa-2'], 2, 0, 0],
    );
    assert.ok(falsePositives!.high > 0.6, 'two comparisons prove little');
    assert.match(selfLine(results).join('\n'), /A\/A: 0 of 2 comparisons of native-aa, native-aa-2/);
    assert.match(summaryMarkdown(results), /^- A\/A: 0 of 2 comparisons/m);
  });

  it('count what the method gets wrong', () => {
    const value = ({ mode }: PlannedTrial, _: number, noise: number) =>
      100 * (mode === 'native-aa' ? 2 : 1) * Math.exp(0.01 * noise);
    const { falsePositives } = simulatedRun({ design, value }).results;
    assert.deepEqual(
      [falsePositives!.slower, falsePositives!.faster, falsePositives!.rate, falsePositives!.missed],
      [1, 0, 0.5, 1],
    );
  });

  it('are also found where the file spells them out, and only where target and options are the same', () => {
    const modes = `  native: { use: native, on: a }
  again: { use: native, on: a }
  elsewhere: { use: native, on: b }`;
    assert.deepEqual(simulatedRun({ modes }).results.falsePositives!.modes, ['again']);
    assert.equal(simulatedRun().results.falsePositives, null);
  });

  it('are no cells of a gate', () => {
    const [base, head] = [1, 2].map((seed) => simulatedRun({ design, seed }).results);
    assert.deepEqual(
      gateOf(base!, head!).cells.map(({ mode }) => mode),
      ['native', 'slow'],
    );
    assert.deepEqual(gateOf(base!, simulatedRun({ seed: 3 }).results).missing, []);
  });

  it('can’t take the name of a mode that is there', () => {
    const text = simulatedRun({ design: '{ aa: true }' }).source;
    assert.deepEqual(Object.keys(parseExperiment(text, 'x').modes), ['native', 'slow', 'native-aa']);
    assert.throws(
      () => parseExperiment(text.replaceAll('slow', 'native-aa'), 'x'),
      (error) => error instanceof Problem && /design.aa adds a mode/.test(error.details!.join()),
    );
  });
});
