import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { gateOf } from '../../src/gate/gate.ts';
import { Problem } from '../../src/problem.ts';
import type { Simulation } from '../compare/simulated-run.ts';
import { base, run } from './two-runs.ts';

describe('a gate refuses', () => {
  const refused = (simulation: Simulation, code: string, found: RegExp) => {
    assert.throws(
      () => gateOf(base, run({ seed: 2, ...simulation })),
      (error) =>
        error instanceof Problem &&
        error.code === code &&
        error.exitCode === 2 &&
        error.next !== undefined &&
        found.test(`${error.expected} ${error.found}`),
    );
  };
  const workload = (rest: string) => `  - { use: command, name: work, ${rest} }`;

  it('another baseline', () => {
    refused({ baseline: 'slow' }, 'VGB-COMPARE-BASELINE', /native, as in BASE slow/);
  });

  it('other mode options, but not other names of targets', () => {
    const modes = (slow: string) => `  native: { use: native, on: c }\n  slow: { use: custom, ${slow} }`;
    refused(
      { modes: modes('on: b, environment: { LEVEL: two }') },
      'VGB-COMPARE-MODE',
      /"LEVEL":"one".*"LEVEL":"two"/,
    );
    refused({ modes: modes('on: [a, b], environment: { LEVEL: one }') }, 'VGB-COMPARE-MODE', /targets: 2/);
    gateOf(base, run({ seed: 2, modes: modes('on: a, environment: { LEVEL: one }') }));
  });

  it('another command line of a workload, unit or direction', () => {
    const metric = 'metric: { name: time, field: t, unit: ms, better: lower }';
    refused({ workloads: workload(`run: ./work 2, ${metric}`) }, 'VGB-COMPARE-WORKLOAD', /\.\/work 2/);
    const other = structuredClone(run({ seed: 2 }));
    for (const cell of other.cells) cell.better = 'higher';
    assert.throws(() => gateOf(base, other), { code: 'VGB-COMPARE-METRIC', exitCode: 2 });
    // What only limits time or plausibility may differ.
    gateOf(base, run({ seed: 2, workloads: workload(`run: ./work, timeout: 9s, ${metric}`) }));
  });

  it('runs without a cell in common', () => {
    refused(
      { workloads: '  - { use: command, name: other, run: ./work, metric: { duration: true } }' },
      'VGB-COMPARE-NOTHING',
      /native, work: time.*native, other/,
    );
  });
});
