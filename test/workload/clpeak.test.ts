/** What clpeak prints, in each of its versions and formats, and what of it is no figure. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ClpeakSpec } from '../../src/workload/clpeak/kind.ts';
import { clpeakWorkload } from '../../src/workload/clpeak/program.ts';
import type { Metric } from '../../src/workload/workload.ts';
import { fixture } from '../support/fixture.ts';
import { metricsOf, output, reasonOf, valuesOf } from '../support/output.ts';

const clpeak = (over: Partial<ClpeakSpec> = {}) =>
  clpeakWorkload({
    use: 'clpeak',
    tests: ['global-bandwidth', 'kernel-latency'],
    format: 'text',
    path: 'clpeak',
    ...over,
  });

const TEXT = fixture('clpeak/1.1.2-pocl.txt');
const XML = fixture('clpeak/1.1.2-pocl.xml');

const DOUBLES = /( +double.*\n){5}/.exec(TEXT)?.[0] ?? '';

/** The text with one line changed, which must be there. */
function changed(text: string, from: RegExp, to: string): string {
  assert.match(text, from);
  return text.replace(from, to);
}

describe('clpeak 1.x, as text', () => {
  it('gives every figure of a real run with its unit and direction', () => {
    const metrics = metricsOf(clpeak(), TEXT);
    assert.equal(metrics.length, 5 * 5 + 8 + 1);
    const of = (name: string) => metrics.find((metric) => metric.name === name);
    assert.deepEqual(of('global-bandwidth.float16'), {
      name: 'global-bandwidth.float16',
      unit: 'GB/s',
      better: 'higher',
      value: 33.97,
    });
    assert.deepEqual(of('kernel-latency'), {
      name: 'kernel-latency',
      unit: 'us',
      better: 'lower',
      value: 27.29,
    });
    assert.deepEqual(
      ['compute-sp.float', 'compute-dp.double', 'compute-integer.int', 'compute-intfast.int'].map((name) => [
        of(name)?.value,
        of(name)?.unit,
      ]),
      [
        [2.3, 'GFLOP/s'],
        [2.51, 'GFLOP/s'],
        [3.85, 'GIOP/s'],
        [3.8, 'GIOP/s'],
      ],
    );
    assert.equal(of('transfer-bandwidth.memcpy-to-mapped-ptr')?.value, 15.85);
  });

  it('takes no figure from the lines that describe the device', () => {
    assert.ok(metricsOf(clpeak(), TEXT).every(({ value }) => value !== 2596 && value !== 2));
  });

  it('is a failure where a test that was asked for gave none', () => {
    const without = changed(TEXT, /.*Kernel launch latency.*\n/, '');
    assert.equal(
      reasonOf(clpeak(), without),
      'expected figures of every requested test, found none of kernel-latency',
    );
    const some = clpeak({ tests: ['compute-dp', 'compute-intfast'] });
    assert.match(
      reasonOf(some, changed(TEXT, /Integer compute Fast 24bit/, 'Other')),
      /found none of compute-intfast$/,
    );
  });

  it('is a failure where a figure is zero, NaN or infinite', () => {
    for (const [word, found] of [
      ['0.00', '0'],
      ['nan', 'NaN'],
      ['-nan', 'NaN'],
      ['inf', 'Infinity'],
      ['-inf', '-Infinity'],
    ] as const)
      assert.equal(
        reasonOf(clpeak(), changed(TEXT, /float4 {2}: 24.85/, `float4  : ${word}`)),
        `global-bandwidth.float4: expected a number above zero, found ${found}`,
      );
  });

  it('is a failure where what stands for a figure is no number, or only begins like one', () => {
    for (const word of ['1.2.3', '24,85', '24.85 GBPS', '24.85x', 'clEnqueueNDRangeKernel (-5)'])
      assert.equal(
        reasonOf(clpeak(), changed(TEXT, /float4 {2}: 24.85/, `float4  : ${word}`)),
        `expected a number of global-bandwidth.float4, found "${word}"`,
      );
  });

  it('is a failure where a test that was asked for broke off, with what it said', () => {
    // As 1.1.2 prints an error of OpenCL: in the midst of a line, with status 0 in the end.
    const cut = changed(
      TEXT,
      /float8 {2}: 36.10\n.*\n/,
      'float8  : clEnqueueNDRangeKernel (-5)\n      Tests skipped\n',
    );
    assert.equal(
      reasonOf(clpeak(), cut),
      'expected a number of global-bandwidth.float8, found "clEnqueueNDRangeKernel (-5)", "Tests skipped"',
    );
    const early = changed(TEXT, /( +float[0-9]* *: .*\n){5}/, 'clCreateBuffer (-61)\n      Tests skipped\n');
    assert.equal(
      reasonOf(clpeak(), early),
      'expected all of clpeak’s global-bandwidth, found no float, float2, float4, float8, float16, "clCreateBuffer (-61)", "Tests skipped"',
    );
    assert.equal(
      reasonOf(clpeak(), changed(TEXT, / +float8 {2}: 36.10\n.*\n/, '')),
      'expected all of clpeak’s global-bandwidth, found no float8, float16',
    );
    assert.equal(
      reasonOf(clpeak(), changed(TEXT, /27.29 us/, 'clFinish (-36)')),
      'expected all of clpeak’s kernel-latency, found no dispatch, "clFinish (-36)"',
    );
  });

  it('leaves out a test that nobody asked for and that is not whole', () => {
    const cut = changed(TEXT, /double4 {2}: 10.40/, 'double4  : clFinish (-36)');
    assert.deepEqual(
      metricsOf(clpeak(), cut),
      metricsOf(clpeak(), TEXT).filter(({ name }) => !name.startsWith('compute-dp')),
    );
  });

  it('is a failure in another unit than is known', () => {
    assert.equal(
      reasonOf(clpeak(), changed(TEXT, /bandwidth \(GBPS\)/, 'bandwidth (MBPS)')),
      'expected global-bandwidth in GBPS, found "MBPS"',
    );
    for (const [from, to] of [
      ['27.29 us', '27.29 ms'],
      ['27.29 us', '27.29'],
    ] as const)
      assert.match(
        reasonOf(clpeak(), changed(TEXT, new RegExp(from), to)),
        /^expected kernel-latency in US, /,
      );
  });

  it('takes no figure from what else is printed between its own', () => {
    const noise =
      'warning: work group of size : 64\n      registers : 32\n/tmp/a.cl:3:4: note: unrolled : 8\n';
    for (const place of [/(?= +float8 {2}: 36)/, /(?= +int4 )/, /(?= +memcpy from)/])
      assert.deepEqual(metricsOf(clpeak(), changed(TEXT, place, noise)), metricsOf(clpeak(), TEXT));
  });

  it('is read where something has coloured it, and no two pieces become one number', () => {
    const coloured = TEXT.replace(/(\d+\.\d+)$/gm, '\u001b[1;32m$1\u001b[0m').replace(
      /\((\w+)\)$/gm,
      '(\u001b[36m$1\u001b[m)',
    );
    assert.deepEqual(metricsOf(clpeak(), coloured), metricsOf(clpeak(), TEXT));
    const split = changed(TEXT, /24\.85/, '24.8\u001b[0m5');
    assert.match(
      reasonOf(clpeak(), split),
      /^expected a number of global-bandwidth\.float4, found "24\.8 5"$/,
    );
  });

  it('is a failure without any figure, as where there is no device', () => {
    assert.match(reasonOf(clpeak(), ''), /found none: is there an OpenCL device/);
    assert.match(
      reasonOf(clpeak(), output('', { exitCode: 255, stderr: 'no platforms found' })),
      /no platforms found/,
    );
  });

  it('is a failure where two devices print the same names', () => {
    assert.match(
      reasonOf(clpeak(), TEXT + TEXT),
      /found those of several: choose one with the keys platform and device/,
    );
  });

  it('is a failure where two devices complete each other', () => {
    const second = 'Device: another\n\n    Double-precision compute (GFLOPS)\n' + DOUBLES;
    const first = changed(TEXT, /.*Double-precision(.*\n){6}/, '');
    assert.match(reasonOf(clpeak(), `${first}\n  ${second}`), /found those of several/);
  });

  it('takes little time to read, whatever was printed', () => {
    const begin = process.cpuUsage().user;
    for (const text of [`x${' '.repeat(300_000)}y`, `${': '.repeat(150_000)}x`]) {
      reasonOf(clpeak(), text);
      reasonOf(clpeak({ format: 'xml' }), text);
    }
    reasonOf(clpeak({ format: 'xml' }), '<device >'.repeat(50_000));
    const seconds = (process.cpuUsage().user - begin) / 1e6;
    assert.ok(seconds < 3, `${seconds} s`);
  });
});

describe('clpeak 1.x, as XML', () => {
  const xml = clpeak({ format: 'xml' });

  it('gives the figures of the text of the same run, with more digits', () => {
    const text = metricsOf(clpeak(), TEXT).filter(({ name }) => !name.startsWith('transfer'));
    const found = metricsOf(xml, XML).filter(({ name }) => !name.startsWith('transfer'));
    const plain = ({ name, unit, better }: Metric) => [name, unit, better];
    assert.deepEqual(found.map(plain), text.map(plain));
    found.forEach(({ name, value }, index) => {
      assert.ok(Math.abs(value - (text[index]?.value ?? NaN)) < 0.0051, name);
    });
    assert.equal(metricsOf(xml, XML).length, 34);
    assert.equal(valuesOf(xml, XML)['kernel-latency'], 27.2927);
  });

  it('is a failure where a figure is zero, NaN or missing', () => {
    assert.match(reasonOf(xml, changed(XML, /27\.2927/, '0')), /^kernel-latency: .* found 0$/);
    assert.match(reasonOf(xml, changed(XML, /27\.2927/, '-nan')), /^kernel-latency: .* found NaN$/);
    assert.match(reasonOf(xml, changed(XML, /<kernel_launch.*\n/, '')), /found none of kernel-latency$/);
    assert.match(reasonOf(xml, changed(XML, />24\.855</, '>nan<')), /^global-bandwidth\.float4: /);
  });

  it('is a failure where an element has another unit, or broke off and has the next ones inside', () => {
    assert.equal(
      reasonOf(xml, changed(XML, /bandwidth unit="gbps"/, 'bandwidth unit="mbps"')),
      'expected global-bandwidth in GBPS, found "mbps"',
    );
    // As 1.1.2 leaves it: what was open is closed at the end.
    const open = changed(XML, /<\/global_memory_bandwidth>/, '').replace(
      '</device>',
      '</global_memory_bandwidth></device>',
    );
    for (const broken of [open, changed(open, /( +<float.*\n){5}/, '')])
      assert.match(
        reasonOf(xml, broken),
        /^expected all of clpeak’s global-bandwidth, found .*"single_precision_compute inside it"/,
      );
    const others = clpeak({ format: 'xml', tests: ['compute-sp'] });
    assert.equal(valuesOf(others, open)['compute-sp.float'], 2.30359);
    assert.equal(valuesOf(others, open)['global-bandwidth.float'], undefined);
  });

  it('is a failure where several devices are in it', () => {
    const device = /<device[\s\S]*<\/device>/.exec(XML)?.[0] ?? '';
    assert.match(reasonOf(xml, XML.replace(device, `${device}\n${device}`)), /found those of several/);
  });
});
