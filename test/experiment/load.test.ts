import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { loadExperiment, parseExperiment } from '../../src/experiment/load.ts';
import { nearest } from '../../src/words/nearest.ts';
import { workloadName } from '../../src/workload/kind.ts';
import { duration, percent, size } from '../../src/words/units.ts';
import { EXPERIMENT, experimentText } from '../support/experiment-text.ts';
import { problemOf } from '../support/problem.ts';

describe('an experiment file', () => {
  it('has its defaults filled in', () => {
    const { baseline, design, limits, targets, modes, workloads } = parseExperiment(
      experimentText('baseline: native\n', ''),
      'f.yaml',
    );
    assert.equal(baseline, 'native');
    assert.deepEqual(design, {
      blocks: 10,
      seed: 1,
      warmup: 1,
      samples: 10,
      pilot: false,
      margin: 0.03,
      confidence: 0.95,
      aa: 0,
    });
    assert.deepEqual(limits, { trial: 120_000, output: 16 * 1024 ** 2, file: 256 * 1024 ** 2 });
    assert.deepEqual(targets['guest'], { ssh: 'guest1', host: 'bare', shell: 'sh' });
    assert.deepEqual(modes['native'], { use: 'native', on: ['bare'], hypervisor: 'none' });
    assert.deepEqual(modes['slow'], {
      use: 'custom',
      on: ['guest'],
      ...{ wake: [], sleep: [], prepare: [], attest: [], during: [], count: [], restore: [] },
      polls: false,
      environment: {},
    });
    assert.deepEqual(workloads[0], {
      use: 'clpeak',
      tests: ['global-bandwidth', 'kernel-latency'],
      format: 'text',
      path: 'clpeak',
    });
    assert.deepEqual(workloads.map(workloadName), ['clpeak', 'mmul']);
  });

  it('may give commands as texts or with their place, and one target or several', () => {
    const { modes } = parseExperiment(
      experimentText(
        'on: guest }',
        'on: [guest, bare], prepare: [a, { run: b }], restore: [{ run: c, at: guest }] }',
      ),
      'f.yaml',
    );
    const { slow } = modes;
    assert.ok(slow?.use === 'custom');
    assert.deepEqual(slow.on, ['guest', 'bare']);
    assert.deepEqual(slow.prepare, [
      { run: 'a', at: 'guest' },
      { run: 'b', at: 'guest' },
    ]);
    assert.deepEqual(slow.restore, [{ run: 'c', at: 'guest' }]);
  });

  it('may use anchors and aliases, and mistakes behind an alias are told where they are written', () => {
    const text = experimentText('{ use: native, on: bare }', '&n { use: native, on: bare }').replace(
      '{ use: custom, on: guest }',
      '*n',
    );
    assert.deepEqual(parseExperiment(text, 'f.yaml').modes['slow']?.on, ['bare']);
    const { details } = problemOf(() => parseExperiment(text.replace('on: bare', 'on: 5'), 'f.yaml'));
    assert.deepEqual(
      details?.map((detail) => detail.split(' ')[0]),
      ['f.yaml:7:33:', 'f.yaml:7:33:'],
    );
  });

  it('that can’t be read is told with its path', () => {
    const problem = problemOf(() => loadExperiment('no/such/file.yaml'));
    assert.equal(problem.code, 'VGB-EXPERIMENT-READ');
    assert.equal(problem.exitCode, 2);
    assert.match(problem.message, /no\/such\/file\.yaml/);
    assert.match(problem.found ?? '', /ENOENT/);
  });

  it('comes back with the very text it was read from', () => {
    const file = join(import.meta.dirname, '../../bench/experiments/loopback.yaml');
    const { source, experiment } = loadExperiment(file);
    assert.deepEqual(parseExperiment(source, 'again.yaml'), experiment);
  });
});

describe('the experiments that are shipped', () => {
  const folder = join(import.meta.dirname, '../../bench/experiments');
  const files = readdirSync(folder).filter((file) => file.endsWith('.yaml'));

  it('are there', () => {
    assert.ok(files.length > 0);
  });

  for (const file of files)
    it(`${file} loads, under its own name`, () => {
      assert.equal(`${loadExperiment(join(folder, file)).experiment.name}.yaml`, file);
    });
});

describe('quantities', () => {
  it('are read with their units', () => {
    const read = (text: string) => duration.parse(text);
    assert.deepEqual(['250ms', '120s', '1.5m', '2 min', '2h'].map(read), [250, 120e3, 90e3, 120e3, 7200e3]);
    const bytes = ['1B', '2kB', '3MB', '1GB', '512KiB', '16MiB', '1GiB'].map((text) => size.parse(text));
    assert.deepEqual(bytes, [1, 2e3, 3e6, 1e9, 524288, 16777216, 1073741824]);
    assert.equal(percent.parse('2.5%'), 0.025);
  });

  it('are refused in any other form', () => {
    for (const text of ['', '5', 's', '-5s', '5 sec', '1e3s', '.5s', '5s ', '1,5s', '5S'])
      assert.equal(duration.safeParse(text).success, false, text);
    for (const text of ['16', '16mib', '0B', '1KB', '1 TiB'])
      assert.equal(size.safeParse(text).success, false, text);
    for (const text of ['0%', '100%', '0.05', '5', '5 %', '-1%'])
      assert.equal(percent.safeParse(text).success, false, text);
  });

  it('of any number of milliseconds come back as that number', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e9 }), (ms) => duration.parse(`${ms}ms`) === ms),
      { numRuns: 50 },
    );
  });
});

describe('the nearest word', () => {
  it('is the one fewest letters away, whatever its case', () => {
    assert.equal(nearest('hots', ['guest', 'host']), 'host');
    assert.equal(nearest('Native', ['native', 'mediated']), 'native');
  });

  it('is none where nothing is near', () => {
    assert.equal(nearest('zzz', ['native', 'mediated']), undefined);
    assert.equal(nearest('native', []), undefined);
  });
});

describe('the parser of experiment files', () => {
  it('gives an experiment or a Problem for any text, and never anything else', () => {
    const piece = fc.oneof(
      fc.constantFrom(
        '{',
        '}',
        '[',
        ']',
        ': ',
        '- ',
        '\n',
        '  ',
        '*a',
        '&a ',
        '"',
        '!!x ',
        '? ',
        '|',
        '#',
        '\t',
      ),
      fc.constantFrom('name', 'targets', 'modes', 'workloads', 'use', 'on', 'native', 'design', '0', '5s'),
    );
    const lines = EXPERIMENT.split('\n');
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), fc.nat(lines.length), (pieces, at) => {
        const text = [...lines.slice(0, at), pieces.join(''), ...lines.slice(at)].join('\n');
        try {
          parseExperiment(text, 'f.yaml');
        } catch (error) {
          assert.equal((error as Error).name, 'Problem', `${String(error)} of ${text}`);
        }
      }),
      { numRuns: 300 },
    );
  });
});
