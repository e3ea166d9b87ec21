/** A run held against itself differs in nothing: what the gate then says is of its margin and its intervals alone. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Results } from '../../src/compare/results.ts';
import { gateExitCode, gateOf } from '../../src/gate/gate.ts';
import { simulatedRun } from '../compare/simulated-run.ts';

const MODES = ['native', 'slow', 'other']
  .map((name, at) => `  ${name}: { use: custom, on: ${'abc'[at]}, environment: { LEVEL: '${at}' } }`)
  .join('\n');

/** Half the width of the widest interval, as a share; at a margin at which all are the same, since others are Holm's. */
function widest(run: Results): number {
  return Math.max(...gateOf(run, run, 0.99).cells.map(({ high }) => high! - 1));
}

describe('a gate of a run against itself', () => {
  for (const [title, design, sd, boots] of [
    ['ten blocks', '{ blocks: 10, samples: 2 }', 0.01, 1],
    ['few blocks', '{ blocks: 4, samples: 2 }', 0.005, 1],
    ['much noise', '{ blocks: 20, samples: 2 }', 0.1, 1],
    ['several boots', '{ blocks: 20, samples: 2 }', 0.02, 10],
  ] as const) {
    const run = (seed: number) =>
      simulatedRun({
        ...{ modes: MODES, design, seed },
        bootOf: (block) => `boot-${block % boots}`,
        value: ({ mode }, _, noise) => 100 * (mode === 'slow' ? 1.1 : 1) * Math.exp(sd * noise),
      }).results;

    it(`passes where the margin is 1.1 times its widest half-width, and is open at 0.9 times: ${title}`, () => {
      for (const seed of [1, 2, 3]) {
        const own = run(seed);
        const codes = [1.1, 0.9].map((times) => gateExitCode(gateOf(own, own, times * widest(own))));
        assert.deepEqual(codes, [0, 3], `seed ${seed}, widest ${widest(own)}`);
        assert.ok(gateOf(own, own).cells.every(({ ratio }) => ratio === 1));
      }
    });
  }
});
