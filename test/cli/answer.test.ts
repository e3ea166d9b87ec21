import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import pc from 'picocolors';
import { answerLines } from '../../src/cli/terminal/answer-text.ts';
import { widthOf } from '../../src/cli/terminal/output.ts';
import { type Simulation, simulatedRun } from '../compare/simulated-run.ts';

const modes = (...names: string[]) =>
  ['native', ...names]
    .map((name, at) => `  ${name}: { use: custom, on: ${'abc'[at]}, environment: { LEVEL: '${at}' } }`)
    .join('\n');
const value: Simulation['value'] = ({ mode }, _, noise) =>
  ({ native: 100, half: 200, fast: 80 })[mode]! * Math.exp(0.001 * noise);
const { results } = simulatedRun({ modes: modes('half', 'fast'), value });
const answer = (width: number, colours = false) =>
  answerLines(results, width, pc.createColors(colours)).join('\n').split('\n');

describe('the answer of a run', () => {
  it('is a row for each mode: bar, figure, interval and verdict', () => {
    const [scale, half, fast, ...others] = answer(100);
    assert.match(scale!, /^relative to native \(95% intervals, margin 3%\)$/);
    assert.match(half!, /^half {2}█+\S? +50\.0% {2}(49|50)\.\d% to 50\.\d% +▼ slower$/);
    assert.match(fast!, /^fast {2}█{32} +12[45]\.\d% {2}12[45]\.\d% to 12[45]\.\d% +▲ faster$/);
    assert.deepEqual(others, []);
  });

  it('has bars to one scale', () => {
    const length = (line: string) => line.split('').filter((one) => one === '█').length;
    const [, half, fast] = answer(200);
    assert.equal(length(half!), Math.floor((32 * 50) / 125));
    assert.equal(length(fast!), 32);
  });

  it('fits the terminal, and has no bar where there is no room', () => {
    for (const width of [60, 80, 200])
      for (const line of answer(width, true).slice(1)) assert.ok(widthOf(line) <= width, line);
    assert.match(answer(60).join(), /█/);
    assert.doesNotMatch(answer(34).join(), /█/);
  });

  it('is coloured by verdict where there are colours', () => {
    const [, half, fast] = answer(80, true);
    assert.ok(half!.includes(pc.createColors(true).red('▼ slower')));
    assert.ok(fast!.includes(pc.createColors(true).green('▲ faster')));
  });

  const workloads = ['one', 'two']
    .map(
      (name) =>
        `  - { use: command, name: ${name}, run: ./w, metric: { name: t, field: t, unit: s, better: lower } }`,
    )
    .join('\n');

  it('counts verdicts over several metrics', () => {
    const several = simulatedRun({ modes: modes('half'), workloads, value }).results;
    const told = answerLines(several, 100, pc.createColors(false)).join('\n');
    assert.match(told, /geometric mean of 2 metrics/);
    assert.match(told, /▼ 2 slower$/);
  });

  it('tells verdicts by their signs where there is room for a bar only so', () => {
    const several = simulatedRun({ modes: modes('half'), workloads, value }).results;
    const [, row = ''] = answerLines(several, 46, pc.createColors(false));
    assert.match(row, /█.*▼ 2$/);
    assert.ok(row.length <= 46, row);
  });

  it('says so where a mode has no figure', () => {
    const none = simulatedRun({
      modes: modes('half'),
      outcome: ({ mode }) =>
        mode === 'half' ? { kind: 'failed', reason: 'x', transport: false } : { kind: 'completed' },
    }).results;
    assert.deepEqual(answerLines(none, 80, pc.createColors(false)), []);
  });
});
