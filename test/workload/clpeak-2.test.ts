/** What clpeak 2.x prints, as text and JSON, under the names that 1.x's figures have. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { CLPEAK_TESTS, type ClpeakSpec } from '../../src/workload/clpeak/kind.ts';
import { clpeakWorkload } from '../../src/workload/clpeak/program.ts';
import type { Metric } from '../../src/workload/workload.ts';
import { fixture } from '../support/fixture.ts';
import { metricsOf, reasonOf, valuesOf } from '../support/output.ts';

const clpeak = (over: Partial<ClpeakSpec> = {}) =>
  clpeakWorkload({
    use: 'clpeak',
    tests: ['global-bandwidth', 'kernel-latency'],
    format: 'text',
    path: 'clpeak',
    ...over,
  });

const XML = fixture('clpeak/1.1.2-pocl.xml');
const TEXT2 = fixture('clpeak/2.1.2-pocl.txt');
const JSON2 = fixture('clpeak/2.1.2-pocl.json');

/** The text with one line changed, which must be there. */
function changed(text: string, from: RegExp, to: string): string {
  assert.match(text, from);
  return text.replace(from, to);
}

describe('clpeak 2.x', () => {
  const text = clpeak({ tests: [...CLPEAK_TESTS] });
  const json = clpeak({ format: 'json', tests: [...CLPEAK_TESTS] });

  it('gives every figure of a real run under the names of 1.x', () => {
    const found = valuesOf(text, TEXT2);
    // Five tests of five widths, six ways to copy, two latencies; two mappings that moved nothing are no figures.
    assert.equal(Object.keys(found).length, 5 * 5 + 6 + 2);
    const old = new Set(metricsOf(clpeak({ format: 'xml' }), XML).map(({ name }) => name));
    for (const name of Object.keys(found))
      assert.ok(old.has(name) || name === 'kernel-latency.roundtrip', name);
    assert.deepEqual(
      [found['kernel-latency'], found['kernel-latency.roundtrip'], found['compute-intfast.int16']],
      [16.07, 42.24, 18.02],
    );
  });

  it('gives in JSON what it gives in text, with more digits', () => {
    const found = metricsOf(json, JSON2);
    const plain = ({ name, unit, better }: Metric) => [name, unit, better];
    assert.deepEqual(found.map(plain), metricsOf(text, TEXT2).map(plain));
    for (const { name, value } of metricsOf(text, TEXT2))
      assert.ok(Math.abs(value - (valuesOf(json, JSON2)[name] ?? NaN)) < 0.0051, name);
  });

  it('is a failure where a row was not run, with the reason', () => {
    const row = changed(TEXT2, /(float8 *: )18.33/, '$1[error] clEnqueueNDRangeKernel (-5)');
    assert.equal(
      reasonOf(text, row),
      'expected a number of global-bandwidth.float8, found "[error] clEnqueueNDRangeKernel (-5)"',
    );
    const section = changed(
      TEXT2,
      /( +double.*\n){5}/,
      '        [unsupported] No double precision support\n',
    );
    assert.match(
      reasonOf(text, section),
      /^expected all of clpeak’s compute-dp, .*"\[unsupported\] No double/,
    );
    const entry = changed(JSON2, /"value":18\.3\d*/, '"status":"error","reason":"clFinish (-36)"');
    assert.equal(
      reasonOf(json, entry),
      'expected all of clpeak’s global-bandwidth, found no float8, "[error] clFinish (-36)"',
    );
  });

  it('is a failure in another unit than is known', () => {
    assert.equal(
      reasonOf(text, changed(TEXT2, /latency \(US\)/, 'latency (NS)')),
      'expected kernel-latency in US, found "NS"',
    );
    assert.match(
      reasonOf(json, JSON2.replaceAll('"gflops"', '"tflops"')),
      /^expected compute-sp in GFLOPS, found "tflops"$/,
    );
  });

  it('gives no figure of another backend', () => {
    assert.match(
      reasonOf(json, JSON2.replaceAll('"OpenCL"', '"CPU"')),
      /^expected clpeak’s figures by OpenCL, found only those of other backends \(CPU\)/,
    );
    const both = JSON.parse(JSON2) as { entries: object[]; devices: object[] };
    both.entries.push({ ...both.entries[0], backend: 'Vulkan', metric: 'float3' });
    both.devices.push({ backend: 'Vulkan' });
    assert.deepEqual(metricsOf(json, JSON.stringify(both)), metricsOf(json, JSON2));
  });

  it('is a failure where it is no JSON of clpeak, or has a zero, no entry or several devices', () => {
    for (const other of ['', '{', '[]', '{"entries": [{"test": 5}]}'])
      assert.match(reasonOf(json, other), /expected the JSON of clpeak 2\.x/);
    assert.match(
      reasonOf(json, changed(JSON2, /"value":16\.07\d*/, '"value":0')),
      /^kernel-latency: .* found 0$/,
    );
    assert.match(reasonOf(json, '{"entries": []}'), /found none: is there/);
    const twice = JSON.parse(JSON2) as { entries: object[]; devices: object[] };
    for (const more of [
      { ...twice, devices: [...twice.devices, ...twice.devices] },
      { ...twice, entries: [...twice.entries, { ...twice.entries[0], metric: 'float3', device: 'another' }] },
      { ...twice, entries: [...twice.entries, ...twice.entries] },
    ])
      assert.match(reasonOf(json, JSON.stringify(more)), /found those of several/);
    assert.match(reasonOf(text, TEXT2 + TEXT2), /found those of several/);
  });
});
