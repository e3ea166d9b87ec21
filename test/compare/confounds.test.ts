/** What differs between machines beside the mode, and what else was the matter with them. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { unequalMachines, unsteadyMachines } from '../../src/compare/confounds.ts';
import { parseExperiment } from '../../src/experiment/load.ts';
import { emptyRecord } from '../../src/record/run-record.ts';

const experiment = parseExperiment(
  `name: x
targets: { bare: { ssh: b }, g1: { ssh: g1 }, g2: { ssh: g2 } }
modes: { native: { use: native, on: bare }, one: { use: native, on: g1 }, two: { use: native, on: g2 }, both: { use: native, on: [g1, g2] } }
workloads: [{ use: clpeak }]
`,
  'x.yaml',
);

function recordOf(facts: Record<string, Record<string, string>>) {
  const record = emptyRecord();
  for (const [target, fingerprint] of Object.entries(facts))
    record.targets.set(target, {
      ...{ target, shell: 'sh', scratch: null },
      clock: { source: 'date', tickNs: 1, monotonic: false },
      fingerprint,
    });
  return record;
}
const unequal = (facts: Parameters<typeof recordOf>[0]) =>
  unequalMachines({ baseline: 'native', modes: experiment.modes }, experiment, recordOf(facts)).map(
    ({ text }) => text,
  );

describe('machines that are not on a par', () => {
  const SAME = { cpus: '4', cpu: 'Xeon', kernel: 'Linux 6.1.0 #1 SMP x86_64' };

  it('are named, once for all modes that differ in the same way', () => {
    const told = unequal({ bare: SAME, g1: { ...SAME, cpus: '8' }, g2: { ...SAME, cpus: '8' } });
    assert.equal(told.length, 1);
    assert.match(
      told[0] ?? '',
      /^one, two, both: 8 CPUs, where native has 4 CPUs\. What that costs or gains is in their figures/,
    );
  });

  it('are told with each difference', () => {
    const [one = '', ...more] = unequal({
      bare: SAME,
      g1: SAME,
      g2: { ...SAME, cpus: '1', kernel: 'Linux 3.17.2 #1 SMP x86_64' },
    });
    assert.match(
      one,
      /^two: 1 CPU, where native has 4 CPUs; the kernel 3\.17\.2, where native has the kernel 6\.1\.0\./,
    );
    assert.match(more.join(), /^both: 4 CPUs and 1 CPU, where native has 4 CPUs/);
  });

  it('are nothing to tell of where they are the same, or do not say', () => {
    assert.deepEqual(unequal({ bare: SAME, g1: SAME, g2: SAME }), []);
    assert.deepEqual(unequal({ bare: SAME }), []);
    assert.deepEqual(unequal({ bare: {}, g1: SAME, g2: SAME }), []);
  });
});

describe('machines that are unsteady', () => {
  const codes = (load1: number, fingerprint: Record<string, string>) => {
    const record = recordOf({ bare: fingerprint });
    record.visits.push({
      ...{ block: 1, mode: 'native', completed: [], attestations: [], counters: [] },
      noise: [{ target: 'bare', load1, stealShare: 0, throttled: null }],
    });
    return unsteadyMachines(record).map(({ code }) => code);
  };

  it('have a load that their CPUs can’t take, or save power', () => {
    assert.deepEqual(codes(7, { cpus: '2' }), ['busy-machine']);
    assert.deepEqual(codes(4, { cpus: '2' }), []);
    assert.deepEqual(codes(7, {}), []);
    assert.deepEqual(codes(0, { cpus: '2', governor: 'powersave' }), ['powersave']);
    assert.deepEqual(codes(0, { cpus: '2', governor: 'performance' }), []);
  });
});
