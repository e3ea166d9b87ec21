/** What a pattern with {value} reads in a program's output. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { CommandSpec } from '../../src/workload/command/kind.ts';
import type { MetricSpec } from '../../src/workload/command/metric.ts';
import { commandWorkload } from '../../src/workload/command/program.ts';
import { output, reasonOf } from '../support/output.ts';

function command(metric: Partial<MetricSpec>, more: Partial<CommandSpec> = {}) {
  return commandWorkload({ use: 'command', name: 'mmul', run: './mmul 1024', metric, ...more });
}
const pattern = (text: string) => command({ pattern: text, unit: 'GFLOP/s', better: 'higher' });
const values = (workload: ReturnType<typeof command>, stdout: string) =>
  workload.parse(output(stdout)).flatMap(({ metrics }) => metrics.map(({ value }) => value));

describe('a pattern', () => {
  const gflops = pattern('GFLOPS: {value}');

  it('finds the number in its place, with unit, direction and the default name', () => {
    const [reading] = gflops.parse(output('size 1024\nGFLOPS: 52.5\ndone 7\n'));
    assert.deepEqual(reading, {
      metrics: [{ name: 'value', unit: 'GFLOP/s', better: 'higher', value: 52.5 }],
      phases: {},
      crossings: {},
    });
  });

  it('gives a reading for each match, in order', () => {
    assert.deepEqual(values(gflops, 'GFLOPS: 3\nGFLOPS: 1\nGFLOPS: 2\n'), [3, 1, 2]);
  });

  it('reads numbers as programs print them', () => {
    const read = (text: string) => values(gflops, `GFLOPS: ${text}`)[0];
    const printed: Record<string, number> = {
      '1,234.5': 1234.5,
      '12,345,678': 12345678,
      '1e3': 1000,
      '2.5E-3': 0.0025,
      '1e00005': 100000,
      '+7': 7,
      '.5': 0.5,
      '5.': 5,
      '5...': 5,
      '12, and so on': 12,
      '12,abc': 12,
      '50% of the peak': 50,
      '9 GB': 9,
      '3.14)': 3.14,
      '8;9': 8,
      '6</v>': 6,
    };
    for (const [text, value] of Object.entries(printed)) assert.equal(read(text), value, text);
  });

  it('reads the whole of a number, or says what it found', () => {
    for (const text of [
      '0,500',
      '1.234,56',
      "1'234",
      '1’234',
      '1_000',
      '1\u00a0234',
      '1\u202f234,5',
      '1.5D-03',
      '1e',
      '0x1f',
      "8'x",
      '12k',
      '9GB',
      '3µs',
      '12±3',
      '1:23.45',
      '5/100',
      '5-10',
      '2^10',
      '3.14.15',
      '1.#INF',
      '-nan(ind)',
      '5.0\u001b[0m',
      '12,5',
      '1,23',
      '10,20,30',
      '1,2345',
      '1234,567',
      '1,234,56',
      '1'.repeat(61),
    ]) {
      const reason = reasonOf(gflops, `GFLOPS: 5\nGFLOPS: ${text}\nGFLOPS: 6\n`);
      assert.match(reason, /^expected a number where "GFLOPS: \{value\}" has \{value\}, found "/, text);
      const found: unknown = JSON.parse(/found ("(?:[^"\\]|\\.)*")/.exec(reason)?.[1] ?? '');
      assert.equal(found, text.length > 60 ? `${text.slice(0, 60)}…` : text);
    }
    assert.equal(
      reasonOf(gflops, 'GFLOPS: 12k'),
      'expected a number where "GFLOPS: {value}" has {value}, found "12k": if that is its unit, include it in the pattern, as in "GFLOPS: {value}k"',
    );
    assert.match(reasonOf(pattern('{value}G'), '9GB'), /as in "\{value\}GB"$/);
    assert.match(
      reasonOf(gflops, "GFLOPS: 1'234"),
      /found "1'234": print it like 1234\.5, or include the surrounding text in the pattern$/,
    );
  });

  it('takes one comma for one between thousands only where the workload says so', () => {
    assert.equal(
      reasonOf(gflops, 'GFLOPS: 1,234'),
      `expected a number where "GFLOPS: {value}" has {value}, found "1,234": its comma may be a decimal comma; if it separates thousands, set thousands: ','`,
    );
    const grouped = command(
      { pattern: 'GFLOPS: {value}', unit: 'GFLOP/s', better: 'higher' },
      { thousands: ',' },
    );
    assert.deepEqual(values(grouped, 'GFLOPS: 1,234\nGFLOPS: 12,345.5\nGFLOPS: 999\n'), [1234, 12345.5, 999]);
    for (const text of ['0,500', '12,34', '1234,567', '1,234,5'])
      assert.match(reasonOf(grouped, `GFLOPS: ${text}`), /^expected a number where/, text);
  });

  it('takes letters that are glued to a number where they are in it, and no others', () => {
    assert.deepEqual(values(pattern('t={value}ms'), 't=3ms, t=4ms.'), [3, 4]);
    assert.deepEqual(values(pattern('{value}k'), 'up 12k down'), [12]);
    assert.deepEqual(values(pattern('a,{value},'), 'a,300,400,500\n'), [300]);
    assert.deepEqual(values(pattern('{value}/s'), '5/s'), [5]);
    assert.deepEqual(values(pattern('v{value}'), 'v3'), [3]);
    for (const [one, text] of [
      ['{value} ms', '7 s'],
      ['t={value}ms', 't=7 ms'],
    ] as const)
      assert.match(reasonOf(pattern(one), text), /^expected output that matches/, text);
    for (const [one, text, found] of [
      ['t={value}ms', "t=1'234ms", "1'234ms"],
      ['{value} GB/s', '1.234,5 GB/s', '1.234,5'],
      ['{value} GB/s', '1\u00a0234 GB/s', '1\u00a0234'],
      ['{value} GB/s', '12k GB/s', '12k'],
      ['{value}G', '9GB', '9GB'],
      ['t={value}ms', 't=7msec', '7msec'],
      ['size 1{value}', 'size 1024', '1024'],
      ['0.{value}', '0.5', '0.5'],
    ] as const)
      assert.ok(reasonOf(pattern(one), text).includes(`found ${JSON.stringify(found)}: `), text);
  });

  it('looks for the number on its own line, unless it has a line break there', () => {
    for (const between of ['\n', '\r\n', ' \n ', '\r', '\f'])
      assert.match(
        reasonOf(pattern('time: {value}'), `time:${between}42 items`),
        /^expected output that matches "time: \{value\}", found (no such line|".* after "time:")$/,
      );
    assert.equal(
      reasonOf(pattern('time:{value}'), 'time:\n42 items'),
      'expected output that matches "time:{value}", found "\\n42 items" after "time:"',
    );
    assert.deepEqual(values(pattern('time:\n{value}'), 'time:\r\n  42 items'), [42]);
    assert.deepEqual(values(pattern('time\t{value}'), 'time 1\ntime \u00a02'), [1, 2]);
  });

  it('reads back any number above zero as JavaScript prints it', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-12, max: 1e20, noNaN: true }), (value) => {
        assert.deepEqual(values(gflops, `GFLOPS: ${value}`), [value]);
      }),
    );
  });

  it('takes any white space where it has some, and may stand at the number’s either side', () => {
    assert.deepEqual(values(pattern('Time (ms) = {value} ms'), 'Time  (ms)\t=   4.5   ms'), [4.5]);
    assert.deepEqual(values(pattern('{value} GB/s'), '100 MB/s, 12.5 GB/s'), [12.5]);
    assert.deepEqual(values(pattern('t={value}'), 't=3 xt= 4'), [3, 4]);
  });

  it('means its letters as they are: Mb/s is not MB/s, and a dot is a dot', () => {
    assert.match(reasonOf(pattern('{value} MB/s'), '5 Mb/s'), /found no such line/);
    assert.match(reasonOf(pattern('a.b: {value}'), 'axb: 5'), /found no such line/);
    assert.deepEqual(values(pattern('[$] (x|y)* {value}'), '[$] (x|y)* 5'), [5]);
  });

  it('without a match is a failure that says so', () => {
    assert.equal(
      reasonOf(gflops, 'MFLOPS 5\n'),
      'expected output that matches "GFLOPS: {value}", found no such line',
    );
  });

  it('never makes a number of a zero, a NaN, an infinity or a negative', () => {
    for (const [text, found] of [
      ['0', '0'],
      ['0.000', '0'],
      ['nan', 'NaN'],
      ['-nan', 'NaN'],
      ['NaN', 'NaN'],
      ['inf', 'Infinity'],
      ['-inf', '-Infinity'],
      ['+Infinity', 'Infinity'],
      ['-3', '-3'],
      ['1e999', 'Infinity'],
    ] as const) {
      const reason = reasonOf(gflops, `GFLOPS: 5\nGFLOPS: ${text}\nGFLOPS: 6\n`);
      assert.equal(reason, `value: expected a number above zero, found ${found}`, text);
    }
  });

  it('is searched for in little time, whatever was printed', () => {
    const size = 200_000;
    const hostile = [
      '1'.repeat(size),
      `GFLOPS:${' '.repeat(size)}x`,
      '1,'.repeat(size),
      '1 '.repeat(size),
      '1.'.repeat(size),
      'GFLOPS: '.repeat(size / 8),
      `GFLOPS: ${'1\u00a0'.repeat(size)}`,
    ];
    const begin = process.cpuUsage().user;
    for (const text of hostile)
      for (const one of ['GFLOPS: {value}', '{value} GFLOPS', 'GFLOPS: {value} x', '1{value}', '{value}x'])
        reasonOf(pattern(one), text);
    const seconds = (process.cpuUsage().user - begin) / 1e6;
    assert.ok(seconds < 5, `${seconds} s`);
  });
});
