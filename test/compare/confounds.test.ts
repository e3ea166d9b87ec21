/** What differs between machines beside the mode, and what else was the matter with them. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { onPar, unequalMachines, unsteadyMachines } from '../../src/compare/confounds.ts';
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
      /^one, two, both: 8 CPUs, where native has 4 CPUs\. This affects their figures/,
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

  it('are told by memory only where it differs by more than a tenth', () => {
    const with_ = (memory: string) =>
      unequal({ bare: { ...SAME, memory: '4194304 kB' }, g1: { ...SAME, memory } });
    assert.deepEqual(with_('3900000 kB'), []);
    assert.match(
      with_('2097152 kB').join(),
      /one.*: 2\.00 GiB of memory, where native has 4\.00 GiB of memory/,
    );
  });

  it('are told by pinning, NUMA, huge pages, SMT, mitigations and the programs that they run', () => {
    const all = {
      ...SAME,
      affinity: '0-127',
      online: '0-3',
      numa: '0',
      hugepages: '0',
      thp: 'always',
      smt: '1',
      'program mmul': 'aa',
    };
    for (const [other, words] of [
      [{ affinity: '0,2' }, /only the CPUs 0,2 of its own, where native has all of its CPUs/],
      [{ numa: '0-1' }, /the NUMA nodes 0-1/],
      [{ hugepages: '512' }, /512 huge pages set aside/],
      [{ thp: 'never' }, /transparent huge pages never/],
      [{ smt: '0' }, /no SMT, where native has SMT/],
      [
        { vulnerable: 'mds spectre_v2 ' },
        /no mitigation of mds, spectre_v2, where native has all mitigations/,
      ],
      [
        { 'program mmul': 'bb' },
        /a program of mmul with the digest bb, where native has a program of mmul with the digest aa/,
      ],
    ] as const)
      assert.match(unequal({ bare: all, g1: { ...all, ...other } }).join(), words);
    // Not all of another number of CPUs: that is told by the number.
    const fewer = unequal({ bare: all, g1: { ...all, cpus: '2', affinity: '0-1', online: '0-1' } }).join();
    assert.doesNotMatch(fewer, /only the CPUs/);
  });

  it('are not compared where parity is required', () => {
    const strict = { ...experiment, parity: 'required' as const };
    const record = recordOf({ bare: SAME, g1: { ...SAME, cpus: '8' }, g2: SAME });
    assert.deepEqual(
      ['one', 'two'].map((mode) => onPar(mode, 'native', strict, record)),
      [false, true],
    );
    assert.equal(onPar('one', 'native', experiment, record), true);
    const [one] = unequalMachines({ baseline: 'native', modes: experiment.modes }, strict, record);
    assert.ok(one);
    assert.equal(one.code, 'not-on-par');
    assert.match(one.text, /Because of parity: required, it is not compared/);
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
      ...{ block: 1, mode: 'native', completed: [], attestations: [], counters: [], states: [], clocks: [] },
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
