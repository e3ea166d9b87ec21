/** A run of a part of its experiment, as HEAD and as BASE. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { gateExitCode, gateOf } from '../../src/gate/gate.ts';
import { simulatedRun } from '../compare/simulated-run.ts';

const MODES = `  native: { use: native, on: a }
  slow: { use: custom, on: b, environment: { LEVEL: one } }
  other: { use: custom, on: c, environment: { LEVEL: two } }`;
const PART = { only: { modes: ['slow'], workloads: [] } };
const whole = (seed: number) => simulatedRun({ modes: MODES, seed }).results;
const part = (seed: number) => simulatedRun({ modes: MODES, seed, part: PART }).results;

describe('a gate of a run of a part', () => {
  it('takes nothing that was left out for removed or missing, and names it', () => {
    const gate = gateOf(whole(1), part(2));
    assert.deepEqual([gate.outcome, gateExitCode(gate)], ['passed', 0]);
    assert.deepEqual([gate.removed, gate.missing], [[], []]);
    assert.deepEqual(gate.leftOut, [{ mode: 'other', workload: 'work', metric: 'time' }]);
    assert.match(gate.warnings.map(({ text }) => text).join('\n'), /left out of HEAD by --only.*other/);
  });

  it('takes what BASE had left out for new, and not for lost', () => {
    const gate = gateOf(part(1), whole(2));
    assert.deepEqual([gate.outcome, gate.lost], ['passed', []]);
    assert.deepEqual(gate.added, [{ mode: 'other', workload: 'work', metric: 'time' }]);
  });

  it('finds missing what was to be run', () => {
    const failed = simulatedRun({
      ...{ modes: MODES, seed: 2, part: PART },
      outcome: ({ mode }) =>
        mode === 'slow' ? { kind: 'failed', reason: 'no', transport: false } : { kind: 'completed' },
    }).results;
    assert.equal(gateOf(whole(1), failed).outcome, 'incomplete');
  });
});
