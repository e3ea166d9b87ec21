import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseExperiment } from '../../src/experiment/load.ts';
import { Problem } from '../../src/problem.ts';

describe('an experiment in the lab', () => {
  const experiment = (target: string, mode: string) =>
    `name: x\nbaseline: m\ntargets:\n  dom0: { lab: dom0 }\n  a: ${target}\nmodes:\n  m: ${mode}\n` +
    'workloads: [{ use: command, name: w, run: w, metric: { duration: true } }]\n';

  it('names its machines, and gets defaults', () => {
    const { targets, modes } = parseExperiment(
      experiment('{ lab: g3, host: dom0 }', '{ use: lab-mediated, on: a }'),
      'x',
    );
    assert.equal(targets['a']?.lab, 'g3');
    assert.deepEqual(modes['m'], {
      use: 'lab-mediated',
      on: ['a'],
      slice: 16 * 1024 ** 2,
      quantum: 15,
      context: true,
    });
  });

  it('is refused without a host, with two addresses, with a half slice, with two guests in pass-through', () => {
    const wrong = [
      experiment('{ lab: g3 }', '{ use: lab-pvdrm, on: a }'),
      experiment('{ lab: g3, ssh: b, host: dom0 }', '{ use: lab-pvdrm, on: a }'),
      experiment('{ host: dom0 }', '{ use: lab-pvdrm, on: a }'),
      experiment('{ lab: g8, host: dom0 }', '{ use: lab-pvdrm, on: a }'),
      experiment('{ lab: g3, host: dom0 }', '{ use: lab-mediated, on: a, slice: 1.5MiB }'),
      experiment('{ lab: g3, host: dom0 }', '{ use: lab-passthrough, on: [a, dom0] }'),
    ];
    for (const text of wrong) assert.throws(() => parseExperiment(text, 'x'), Problem, text);
  });
});
