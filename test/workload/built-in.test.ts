import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { describe, it } from 'node:test';
import type { ClpeakSpec } from '../../src/workload/clpeak/kind.ts';
import { clpeakWorkload } from '../../src/workload/clpeak/program.ts';
import type { Metric } from '../../src/workload/workload.ts';
import { workloadFor } from '../../src/workload/kinds.ts';
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
/** In the format of 2.x, with figures of no machine. */
const JSON2 = fixture('clpeak/2.x-made-up.json');

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
      'expected figures of every test that was asked for, found none of kernel-latency',
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
      ['inf', 'NaN'],
      ['-inf', 'NaN'],
      ['1.2.3', 'NaN'],
    ] as const)
      assert.equal(
        reasonOf(clpeak(), changed(TEXT, /float4 {2}: 24.85/, `float4  : ${word}`)),
        `global-bandwidth.float4: expected a number above zero, found ${found}`,
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
      /found those of several: choose one by the keys platform and device/,
    );
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

  it('is a failure where several devices are in it', () => {
    const device = /<device[\s\S]*<\/device>/.exec(XML)?.[0] ?? '';
    assert.match(reasonOf(xml, XML.replace(device, `${device}\n${device}`)), /found those of several/);
  });
});

describe('clpeak 2.x, as JSON', () => {
  const json = clpeak({ format: 'json' });

  it('gives OpenCL’s figures under the names of 1.x, without those that were not run', () => {
    assert.deepEqual(valuesOf(json, JSON2), {
      'global-bandwidth.float': 398.5,
      'global-bandwidth.float4': 417.8,
      'kernel-latency': 6.24,
    });
  });

  it('gives those of the first backend where there is no OpenCL', () => {
    const vulkan = clpeak({ format: 'json', tests: ['global-bandwidth'] });
    assert.deepEqual(valuesOf(vulkan, JSON2.replaceAll('"OpenCL"', '"CUDA"')), {
      'global-bandwidth.float4': 401.2,
    });
  });

  it('is a failure where it is no JSON of clpeak, or a figure is zero or of several devices', () => {
    for (const text of ['', '{', '[]', '{"entries": [{"test": 5}]}'])
      assert.match(reasonOf(json, text), /expected the JSON of clpeak 2\.x/);
    assert.match(reasonOf(json, changed(JSON2, /6\.24/, '0')), /^kernel-latency: .* found 0$/);
    assert.match(
      reasonOf(json, JSON2.replace('"metric": "float",', '"metric": "float4",')),
      /found those of several/,
    );
    assert.match(reasonOf(json, '{"entries": []}'), /found none: is there/);
  });
});

describe('clpeak’s command line', () => {
  it('names the tests and the device', () => {
    assert.equal(clpeak().command(), 'clpeak --global-bandwidth --kernel-latency');
    const other = clpeak({ path: '/opt/my clpeak', platform: 1, device: 0, tests: ['compute-dp'] });
    assert.equal(other.command(), "'/opt/my clpeak' -p 1 -d 0 --compute-dp");
    assert.equal(clpeak({ name: 'peak' }).name, 'peak');
  });

  it('prints the report file and nothing else for XML and JSON, and keeps the exit status', () => {
    for (const [format, option] of [
      ['xml', '--xml-file'],
      ['json', '--json-file'],
    ] as const) {
      // A stand-in for clpeak, which leaves its arguments in the file that its last one names.
      const script = `stub() { for last; do :; done; echo noise; echo "$*" >"$last"; return 7; }\n`;
      const line = clpeak({ format, path: 'stub', tests: ['compute-sp'] }).command();
      const shell = `${script}r=$( ( ${line} ) ; echo "status $?" ); echo "$r"`;
      const said = execFileSync('sh', ['-c', shell], { encoding: 'utf8' });
      assert.match(said, new RegExp(`^--compute-sp ${option} /\\S+\nstatus 7\n$`));
    }
  });
});

describe('the registry of workloads', () => {
  it('has one for each word of the experiment file', async () => {
    assert.equal((await workloadFor({ use: 'hashcat', hash: 0, path: 'hashcat', name: 'h' })).name, 'h');
    assert.equal(
      (await workloadFor({ use: 'command', name: 'c', run: 'x', metric: { duration: true } })).name,
      'c',
    );
    assert.equal(
      (await workloadFor({ use: 'clpeak', tests: ['compute-sp'], format: 'text', path: 'p' })).command(),
      'p --compute-sp',
    );
  });
});
