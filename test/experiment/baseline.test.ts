import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { baselineOf } from '../../src/experiment/baseline.ts';
import { parseExperiment } from '../../src/experiment/load.ts';
import { selfModes } from '../../src/experiment/self-comparison.ts';

/** What each mode of these is a ratio of; `-` where it is a baseline. */
function told(modes: Record<string, string>, baseline = 'native'): string[] {
  const specs = Object.entries(modes).map(([name, own]) => [name, own === '' ? {} : { baseline: own }]);
  const arms = { baseline, modes: Object.fromEntries(specs) as Record<string, { baseline?: string }> };
  return Object.keys(modes).map((mode) => baselineOf(mode, arms) ?? '-');
}

describe('the baseline of a mode', () => {
  it('is the experiment’s, which has none itself', () => {
    assert.deepEqual(told({ native: '', pvdrm: '' }), ['-', 'native']);
    assert.deepEqual(told({ native: '', pvdrm: '' }, 'pvdrm'), ['pvdrm', '-']);
  });

  it('is the one that it names, which is then a baseline, too', () => {
    const modes = { native: '', pvdrm: '', other: '', mediated: 'other' };
    assert.deepEqual(told(modes), ['-', 'native', '-', 'other']);
    assert.deepEqual(told(modes, 'pvdrm'), ['pvdrm', '-', '-', 'other']);
  });

  it('is that of a baseline also where it names one itself', () => {
    assert.deepEqual(told({ native: '', other: 'native', mediated: 'other' }), ['-', 'native', 'other']);
    assert.deepEqual(told({ native: 'other', other: '', pvdrm: '' }), ['other', '-', 'native']);
  });

  it('is no name that JavaScript gives every object', () => {
    assert.deepEqual(told({ native: '', constructor: '' }), ['-', 'native']);
  });
});

describe('A/A arms beside baselines of modes', () => {
  const load = (modes: string) =>
    parseExperiment(
      `name: two-gpus
targets: { a: { ssh: a }, b: { ssh: b } }
modes:
${modes}
workloads: [{ use: command, name: work, run: ./work, metric: { duration: true } }]
design: { aa: true }
`,
      'x.yaml',
    );

  it('are compared with the experiment’s baseline, whatever that one is a ratio of', () => {
    const arms = load('  other: { use: native, on: b }\n  native: { use: native, on: a, baseline: other }');
    assert.deepEqual(
      Object.keys(arms.modes).map((mode) => baselineOf(mode, arms) ?? '-'),
      ['-', 'other', 'native'],
    );
    assert.deepEqual(selfModes(arms), ['native-aa']);
  });

  it('are the modes that are their own baseline under another name, and not the experiment’s', () => {
    const arms = load(`  native: { use: native, on: a }
  other: { use: native, on: b }
  other-again: { use: native, on: b, baseline: other }
  native-again: { use: native, on: a, baseline: other }`);
    assert.deepEqual(selfModes(arms), ['other-again', 'native-aa']);
  });
});
