import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { gateOf } from '../../src/gate/gate.ts';
import { Problem } from '../../src/problem.ts';
import { simulatedRun } from './simulated-run.ts';

/** The outcome of a gate between two runs whose mode `slow` has these options more. */
function gate(base: string, head: string): string {
  const [before, after] = [base, head].map((options, seed) =>
    simulatedRun({
      modes: `  native: { use: native, on: a }\n  slow: { use: custom, on: b, ${options} }`,
      seed,
    }),
  );
  return gateOf(before!.results, after!.results, 0.5).outcome;
}

describe('two runs', () => {
  it('are compared though what a mode has to prove of itself was changed', () => {
    const claims = ['', 'attest: [{ run: test -e /dev/dri }]', 'attest: [{ run: lsmod, expect: pvdrm }]'];
    for (const before of claims) for (const after of claims) assert.equal(gate(before, after), 'passed');
  });

  it('are not where the mode itself was', () => {
    for (const [before, after] of [
      ['prepare: [modprobe a], restore: [modprobe -r a]', 'prepare: [modprobe b], restore: [modprobe -r a]'],
      ['environment: { CACHE: small }', 'environment: { CACHE: large }'],
    ] as const)
      assert.throws(
        () => gate(before, after),
        (error) => error instanceof Problem && error.code === 'VGB-COMPARE-MODE',
      );
  });

  it('are told which option is another, and what it was and is', () => {
    const LEVEL = 'environment: { LEVEL: one }';
    for (const [before, after, expected, found] of [
      [LEVEL, 'environment: { LEVEL: two }', 'environment: {"LEVEL":"one"}', 'environment: {"LEVEL":"two"}'],
      ['wrapper: "nice {command}"', LEVEL, 'wrapper: "nice {command}"', 'wrapper: none'],
      [LEVEL, `${LEVEL}, wrapper: "nice {command}"`, 'wrapper: none', 'wrapper: "nice {command}"'],
    ] as const)
      assert.throws(
        () => gate(before, after),
        (error) => {
          assert.ok(error instanceof Problem);
          assert.deepEqual([error.expected, error.found], [`${expected}, as in BASE`, found]);
          return true;
        },
      );
  });

  it('are compared whatever the order in which options were written', () => {
    assert.equal(gate('environment: { A: a, B: b }', 'environment: { B: b, A: a }'), 'passed');
  });
});
