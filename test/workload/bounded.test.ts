/** What a guest's program may call its figures, how many it may tell, and of what size. */
import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { type Workload, WorkloadFailure, WrongResult } from '../../src/workload/workload.ts';
import { workloadFor } from '../../src/workload/kinds.ts';
import { output, reasonOf } from '../support/output.ts';

const code = String.fromCharCode;
/** No name, as JSON may write it. */
const UNPRINTABLE = [0, 7, 9, 10, 13, 27, 0x7f, 0x85, 0x9b, 0x200e, 0x202e, 0x2028, 0x2066, 0xfeff, 0xd800];

describe('what a guest’s program may tell', () => {
  let counting: Workload,
    field: Workload,
    pattern: Workload,
    hashcat: Workload,
    clpeak: Workload,
    probe: Workload;
  before(async () => {
    const figure = { unit: 'ms', better: 'lower' } as const;
    [counting, field, pattern, hashcat, clpeak, probe] = await Promise.all([
      workloadFor({
        ...{ use: 'command', name: 'w', run: 'x', metric: { field: 'ms', ...figure } },
        per: { name: 'object', field: 'n' },
      }),
      workloadFor({ use: 'command', name: 'w', run: 'x', metric: { field: 'ms', ...figure } }),
      workloadFor({ use: 'command', name: 'w', run: 'x', metric: { pattern: 'at {value}', ...figure } }),
      workloadFor({ use: 'hashcat', hash: 0, path: 'h' }),
      workloadFor({ use: 'clpeak', tests: ['compute-sp'], format: 'json', path: 'c' }),
      workloadFor({ use: 'probe', name: 'p', run: 'x' }),
    ]);
  });
  const line = (more: object) => `${JSON.stringify({ ms: 1, ...more })}\n`;
  const names = (count: number) =>
    Object.fromEntries(Array.from({ length: count }, (_, at) => [`n${at}`, 1]));

  it('is any name of printable characters, also one that objects have of themselves', () => {
    for (const name of [
      'htod',
      'übertragen ↑',
      '数据',
      'نام‌ها',
      '=1+1',
      '<b>',
      'constructor',
      'toString',
      'x'.repeat(100),
    ]) {
      const phases = { [name]: 5 };
      assert.deepEqual(field.parse(output(line({ phases, crossings: phases }))), [
        { metrics: [{ name: 'ms', unit: 'ms', better: 'lower', value: 1 }], phases, crossings: phases },
      ]);
    }
  });

  it('is no name that is long, empty, unprintable or __proto__', () => {
    for (const what of ['phases', 'crossings']) {
      for (const name of ['', 'x'.repeat(101), ...UNPRINTABLE.map((one) => `a${code(one)}b`)])
        assert.match(
          reasonOf(field, line({ [what]: { [name]: 1 } })),
          new RegExp(`^expected names of ${what} of 1 to 100 printable characters`),
          JSON.stringify(name),
        );
      assert.match(reasonOf(field, `{"ms": 1, "${what}": {"__proto__": 1}}`), /found "__proto__"/);
    }
    const counted = (n: number) => reasonOf(counting, line({ n }));
    for (const n of [0, -1, 1e300]) assert.match(counted(n), /^expected a number of operations above zero/);
    for (const clockShare of [-0.1, 1.5, 1e300])
      assert.match(reasonOf(field, line({ clockShare })), /^expected a clockShare from 0 to 1, found /);
    for (const checksum of ['', 'f'.repeat(129), ...UNPRINTABLE.map((one) => `a${code(one)}b`)])
      assert.match(reasonOf(field, line({ checksum })), /^expected a checksum of 1 to 128 printable/);
  });

  it('is said with little of what was found, and nothing unprintable', () => {
    for (const told of [
      line({ phases: { [`${code(0x9b)}${'y'.repeat(900_000)}`]: 1 } }),
      line({ checksum: code(0x202e).repeat(900_000) }),
      line({ ms: 'z'.repeat(900_000) }),
      `{${'z'.repeat(900_000)}\n`,
      `{"ms": ${'['.repeat(400_000)}${']'.repeat(400_000)}}\n`,
    ]) {
      const reason = reasonOf(field, told);
      assert.ok(reason.startsWith('expected ') && reason.length < 600, reason.slice(0, 600));
      assert.doesNotMatch(reason, /[\u0080-\u009f\u202e]/);
    }
    assert.ok(reasonOf(probe, 'y'.repeat(900_000)).length < 300);
    const entry = {
      backend: 'OpenCL',
      test: 'single_precision_compute',
      metric: 'm'.repeat(900_000),
      unit: 'gflops',
      value: 0,
    };
    assert.ok(reasonOf(clpeak, JSON.stringify({ entries: [entry] })).length <= 500);
  });

  it('is a reason of 500 characters where it is one, and not one more', () => {
    assert.equal(new WorkloadFailure('x'.repeat(500)).message, 'x'.repeat(500));
    for (const Failure of [WorkloadFailure, WrongResult])
      assert.equal(new Failure('x'.repeat(5_000_000)).message, `${'x'.repeat(499)}…`);
  });

  it('has a hundred names, and not one more, over all of a run', () => {
    assert.equal(field.parse(output(line({ phases: names(100), crossings: names(100) }))).length, 1);
    assert.match(reasonOf(field, line({ phases: names(101) })), /^expected at most 100 names of phases/);
    const changing = Array.from({ length: 101 }, (_, at) => line({ crossings: { [`n${at}`]: 1 } })).join('');
    assert.match(reasonOf(field, changing), /^expected at most 100 names of crossings/);
    const devices = Array.from({ length: 101 }, (_, at) => `${at}:0:1:1:7.62:100\n`).join('');
    assert.match(reasonOf(hashcat, devices), /^expected at most 100 names of metrics/);
    const entry = (at: number) => ({
      backend: 'OpenCL',
      test: 'single_precision_compute',
      metric: `m${at}`,
      unit: 'gflops',
      value: 1,
    });
    const widths = ['float', 'float2', 'float4', 'float8', 'float16'].map((metric) => ({
      ...entry(0),
      metric,
    }));
    const entries = [...widths, ...Array.from({ length: 96 }, (_, at) => entry(at))];
    assert.match(reasonOf(clpeak, JSON.stringify({ entries })), /^expected at most 100 names of metrics/);
    entries[5] = { ...entry(0), metric: 'x'.repeat(101) };
    assert.match(reasonOf(clpeak, JSON.stringify({ entries })), /^expected names of metrics of 1 to 100/);
  });

  it('has ten thousand readings, and not one more', () => {
    for (const [workload, one] of [
      [field, line({})],
      [pattern, 'at 5\n'],
    ] as const) {
      assert.equal(workload.parse(output(one.repeat(10_000))).length, 10_000);
      assert.match(reasonOf(workload, one.repeat(10_001)), /^expected at most 10000 readings in a run/);
    }
  });

  it('has a hundred thousand figures, were each name in each reading, and not one more', () => {
    const more = line({ phases: names(19) });
    assert.equal(field.parse(output(more.repeat(5000))).length, 5000);
    assert.equal(
      reasonOf(field, more.repeat(5001)),
      'expected at most 100000 figures in a run, found 20 names in 5001 readings: have the program summarise them',
    );
  });

  it('is a figure whose squares and products are still numbers', () => {
    for (const value of ['1e-100', '1e100', '4.5'])
      assert.equal(
        field.parse(output(`{"ms": ${value}, "phases": {"a": ${value}, "b": 0}}`)).length,
        1,
        value,
      );
    for (const value of ['1.7e308', '1e101', '9e-101', '5e-324']) {
      assert.match(
        reasonOf(field, `{"ms": ${value}}`),
        /^"ms" of metrics: expected .* from 1e-100 to 1e\+?100/,
      );
      assert.match(reasonOf(pattern, `at ${value}`), /^"value" of metrics: expected /);
      assert.match(reasonOf(field, `{"ms": 1, "phases": {"a": ${value}}}`), /^"a" of phases: expected /);
    }
    assert.match(
      reasonOf(field, '{"ms": 1, "crossings": {"a": 1e999}}'),
      /^"a" of crossings: .* found Infinity$/,
    );
  });

  it('is looked for only in what the program printed itself', async () => {
    for (const name of [
      'constructor',
      'toString',
      '__proto__',
      'a.constructor.name',
      'a.length',
      'v.length',
    ]) {
      const workload = await workloadFor({
        use: 'command',
        name: 'w',
        run: 'x',
        metric: { field: name, unit: 'ms', better: 'lower' },
      });
      assert.equal(
        reasonOf(workload, '{"a": {}, "v": [4, 5]}'),
        `expected a number in the field ${name}, found no such field`,
      );
    }
  });

  it('is no JSON of more than a MiB in one piece', () => {
    for (const workload of [field, pattern, clpeak, probe])
      assert.match(
        reasonOf(workload, `{"a": "${'x'.repeat(2 ** 20)}"}`),
        /^expected at most 1048576 characters of JSON in one piece, found /,
      );
  });
});
