import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { historyLineSchema } from '../../src/trend/line.ts';
import { lineOf } from '../../src/trend/line-of.ts';
import { type Simulation, simulatedRun } from '../compare/simulated-run.ts';
import { digestOf } from './simulated-history.ts';

/** Numbers texts as they come, so that the same text has the same digest. */
function digests() {
  const seen: string[] = [];
  return (text: string) => {
    if (!seen.includes(text)) seen.push(text);
    return digestOf(seen.indexOf(text));
  };
}
const digest = digests();
const named = {
  run: digestOf(1),
  started: '2030-01-01T00:00:00.000Z',
  ended: '2030-01-01T01:00:00.000Z',
  digest,
};
const line = (simulation: Simulation = {}) => lineOf(simulatedRun(simulation).results, named);

describe('a run as a line of a history', () => {
  it('has each cell’s log of performance with the interval that the run reports', () => {
    const { results } = simulatedRun();
    const [native, slow] = line().cells;
    const [comparison] = results.comparisons;
    assert.deepEqual([native?.mode, native?.kind, native?.unit, native?.n], ['native', 'raw', 'ms', 10]);
    assert.deepEqual([slow?.mode, slow?.kind, slow?.better, slow?.n], ['slow', 'relative', 'lower', 10]);
    // Lower is better: performance is the inverse.
    for (const [found, expected] of [
      [slow?.mean, comparison?.ratio],
      [slow?.low, comparison?.high],
      [slow?.high, comparison?.low],
    ])
      assert.ok(Math.abs(found! + Math.log(expected!)) < 1e-8, `${found} and ${expected}`);
    assert.ok(Math.abs(native!.mean + Math.log(100)) < 0.02);
  });

  it('is what its schema says, and goes on one line', () => {
    const text = JSON.stringify(line());
    assert.deepEqual(historyLineSchema.parse(JSON.parse(text)), line());
    assert.doesNotMatch(text, /\n/);
    assert.ok(text.length < 1500, `${text.length} characters`);
  });

  it('has no A/A arm, and no mode that has no pair with its baseline', () => {
    const modes = (simulation: Simulation) => line(simulation).cells.map(({ mode }) => mode);
    assert.deepEqual(modes({ design: '{ blocks: 3, aa: true }' }), ['native', 'slow']);
    const outcome: Simulation['outcome'] = ({ mode }) =>
      mode === 'native' ? { kind: 'void', reason: 'x' } : { kind: 'completed' };
    assert.deepEqual(modes({ outcome }), []);
    assert.equal(line({ outcome }).whole, false);
    assert.equal(line({ endReason: 'interrupted' }).whole, false);
    assert.equal(line().whole, true);
  });

  it('tells an environment that is another from one that was only booted anew, or has another program', () => {
    const environment = (facts: Record<string, string>) =>
      line({ fingerprint: { kernel: '6.1', cpu: 'x', boot: '1', 'program work': 'a', ...facts } })
        .environment;
    assert.deepEqual(environment({}), environment({ boot: '2', 'program work': 'b' }));
    for (const changed of [{ kernel: '6.2' }, { cpu: 'y' }, { governor: 'powersave' }])
      assert.notDeepEqual(environment({}), environment(changed));
  });

  it('names what may be under test: kernel, Xen, drivers; and nothing that tells of the machine’s owner', () => {
    const { facts } = line({
      fingerprint: {
        kernel: '6.1',
        xen: '4.17',
        nvidia: '550',
        'gpu card0': 'driver i915',
        cmdline: 'secret',
        boot: '1',
      },
    });
    assert.deepEqual(Object.keys(facts), [
      ...['a.gpu card0', 'a.kernel', 'a.nvidia', 'a.xen'],
      ...['b.gpu card0', 'b.kernel', 'b.nvidia', 'b.xen'],
    ]);
  });

  it('tells a cell of which something else was asked from the same', () => {
    const asked = (simulation: Simulation) => line(simulation).cells[1]?.asked;
    const modes = (level: string) =>
      `  native: { use: native, on: a }\n  slow: { use: custom, on: b, environment: { LEVEL: ${level} } }`;
    assert.equal(asked({}), asked({ modes: modes('one'), seed: 9 }));
    assert.notEqual(asked({}), asked({ modes: modes('two') }));
    assert.notEqual(asked({}), asked({ design: '{ blocks: 10, samples: 3, warmup: 1, margin: 3% }' }));
  });
});
