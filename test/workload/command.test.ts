import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { CommandSpec } from '../../src/workload/command/kind.ts';
import type { MetricSpec } from '../../src/workload/command/metric.ts';
import { commandWorkload } from '../../src/workload/command/program.ts';
import { output, reasonOf } from '../support/output.ts';

function command(metric: Partial<MetricSpec>, more: Partial<CommandSpec> = {}) {
  return commandWorkload({ use: 'command', name: 'mmul', run: './mmul 1024', metric, ...more });
}
const pattern = (text: string) => command({ pattern: text, unit: 'GFLOP/s', better: 'higher' });
const field = (name: string) => command({ field: name, unit: 'ms', better: 'lower' });
const values = (workload: ReturnType<typeof command>, stdout: string) =>
  workload.parse(output(stdout)).flatMap(({ metrics }) => metrics.map(({ value }) => value));

describe('a command', () => {
  it('is run as it is written, under its name, in its directory, with the limits of its metrics', () => {
    const workload = command(
      { pattern: '{value}', unit: 's', better: 'lower', limit: 9 },
      { directory: '/opt/bench' },
    );
    assert.equal(workload.command(), './mmul 1024');
    assert.deepEqual([workload.name, workload.directory], ['mmul', '/opt/bench']);
    assert.deepEqual(workload.limits, { value: 9 });
  });

  it('says how many operations a reading stands for, where it was told what crossings are counted per', () => {
    const per = (field?: string) =>
      command({ field: 't', unit: 'ms', better: 'lower' }, { per: { name: 'object', field } });
    const operations = (workload: ReturnType<typeof command>, stdout: string) =>
      workload.parse(output(stdout)).map((reading) => reading.operations);
    assert.deepEqual(operations(per('n'), '{"t":5,"n":20}\n{"t":6,"n":30}\n'), [20, 30]);
    assert.deepEqual(operations(per(), '{"t":5}\n'), [1]);
    assert.deepEqual(operations(field('t'), '{"t":5}\n'), [undefined]);
    assert.match(reasonOf(per('n'), output('{"t":5}\n')), /field n, found no such field/);
    const mixed = command(
      { pattern: 'GFLOPS: {value}', unit: 'GFLOP/s' },
      { per: { name: 'x', field: 'n' } },
    );
    assert.match(reasonOf(mixed, output('GFLOPS: 3\nGFLOPS: 4\n{"n":1}\n')), /each of 2 figures, found 1/);
  });

  it('that failed has no figure, whatever it printed', () => {
    const failed = output('GFLOPS: 5', { exitCode: 3, stderr: 'first\nno device found\n\n' });
    assert.equal(reasonOf(pattern('GFLOPS: {value}'), failed), 'exit status 3: no device found');
  });

  it('has its end told in words', () => {
    const reason = (exitCode: number) => reasonOf(pattern('{value}'), output('', { exitCode }));
    assert.equal(reason(1), 'exit status 1');
    assert.equal(reason(126), 'exit status 126: the program can’t be executed');
    assert.equal(reason(127), 'exit status 127: no such program on the target');
    assert.equal(reason(139), 'ended by signal 11');
    assert.equal(reason(192), 'ended by signal 64');
    assert.equal(reason(193), 'exit status 193');
    assert.equal(reason(255), 'exit status 255');
    assert.equal(reason(153), 'it wrote more to one file, or to its output, than limits.file allows');
  });

  it('that failed without a word on stderr is told by the last line of stdout, cut', () => {
    const reason = reasonOf(pattern('{value}'), output(`a\n${'x'.repeat(1000)}\n`, { exitCode: 1 }));
    assert.equal(reason, `exit status 1: ${'x'.repeat(300)}`);
  });
});

describe('JSON lines', () => {
  it('give a reading a line, with phases and crossings, between lines of any other text', () => {
    const stdout = [
      'warming up',
      '{"ms": 4.5, "phases": {"htod": 100, "launch": 20, "note": "x"}, "crossings": {"trap": 3}}',
      '  {"ms": 5.5}',
      '',
    ].join('\n');
    assert.deepEqual(field('ms').parse(output(stdout)), [
      {
        metrics: [{ name: 'ms', unit: 'ms', better: 'lower', value: 4.5 }],
        phases: { htod: 100, launch: 20 },
        crossings: { trap: 3 },
      },
      { metrics: [{ name: 'ms', unit: 'ms', better: 'lower', value: 5.5 }], phases: {}, crossings: {} },
    ]);
  });

  it('are reached into by a field with dots', () => {
    assert.deepEqual(values(field('gpu.ms'), '{"gpu": {"ms": 7}}'), [7]);
  });

  it('that lack the field, or have no number there, are a failure', () => {
    assert.equal(reasonOf(field('ms'), '{"s": 4}'), 'expected a number in the field ms, found no such field');
    assert.equal(reasonOf(field('ms'), '{"ms": "4"}'), 'expected a number in the field ms, found "4"');
    assert.equal(reasonOf(field('ms'), '{"ms": null}'), 'expected a number in the field ms, found null');
    assert.equal(
      reasonOf(field('a.b.c'), '{"a": 1}'),
      'expected a number in the field a.b.c, found no such field',
    );
    assert.equal(reasonOf(field('ms'), '{"ms": 0}'), 'ms: expected a number above zero, found 0');
  });

  it('that are broken are a failure, not fewer readings', () => {
    assert.equal(
      reasonOf(field('ms'), '{"ms": 4}\n{"ms": 5'),
      'expected one JSON object per line, found "{\\"ms\\": 5"',
    );
  });

  it('may begin with a byte order mark, and have brackets as deep as they like', () => {
    assert.deepEqual(values(field('ms'), '\ufeff{"ms": 4}\n'), [4]);
    const deep = `${'['.repeat(20_000)}${']'.repeat(20_000)}`;
    for (const key of ['phases', 'crossings', 'checksum', 'clockShare', 'other'])
      assert.deepEqual(values(field('ms'), `{"ms": 4, "${key}": ${deep}}`), [4], key);
    assert.match(reasonOf(field('ms'), `{"ms": ${deep}}`), /found a list$/);
  });

  it('that are none are a failure', () => {
    assert.equal(reasonOf(field('ms'), 'nothing here\n'), 'expected JSON lines, found none');
  });
});

describe('the share of the clock in a JSON line', () => {
  it('is kept with its reading, where it is a number', () => {
    const shares = field('ms')
      .parse(output('{"ms": 1, "clockShare": 0.5}\n{"ms": 2, "clockShare": "much"}\n{"ms": 3}\n'))
      .map(({ clockShare }) => clockShare);
    assert.deepEqual(shares, [0.5, undefined, undefined]);
  });
});

describe('a checksum in a JSON line', () => {
  const checksums = (stdout: string) =>
    field('ms')
      .parse(output(stdout))
      .map(({ checksum }) => checksum);

  it('is kept with its reading, as text, and is none where there is none', () => {
    assert.deepEqual(
      checksums(
        '{"ms": 1, "checksum": "00ff"}\n{"ms": 2, "checksum": 7}\n{"ms": 3}\n{"ms": 4, "checksum": [1]}\n',
      ),
      ['00ff', '7', undefined, undefined],
    );
  });

  it('is no number that is rounded here, so that others would be equal to it', () => {
    assert.match(
      reasonOf(field('ms'), '{"ms": 1, "checksum": 9007199254740993}'),
      /^expected a checksum as text, or a number below 2\^53, found about 9007199254740992: print it in quotes$/,
    );
    assert.deepEqual(checksums('{"ms": 1, "checksum": 9007199254740991}'), ['9007199254740991']);
  });
});

describe('several metrics of one command', () => {
  const both = (...metrics: MetricSpec[]) =>
    commandWorkload({ use: 'command', name: 'two', run: 'x', metrics });
  const up: MetricSpec = { name: 'up', pattern: 'up {value}', unit: 'GB/s', better: 'higher' };
  const down: MetricSpec = { name: 'down', pattern: 'down {value}', unit: 'GB/s', better: 'higher' };

  it('come together, a reading for each time all were printed', () => {
    const readings = both(up, down).parse(output('up 1\ndown 2\nup 3\ndown 4\n'));
    assert.deepEqual(
      readings.map(({ metrics }) => metrics.map(({ name, value }) => `${name} ${value}`)),
      [
        ['up 1', 'down 2'],
        ['up 3', 'down 4'],
      ],
    );
  });

  it('are a failure where one was printed less often', () => {
    assert.equal(
      reasonOf(both(up, down), 'up 1\nup 3\ndown 4\n'),
      'expected as many values of each metric, found 2 of up, 1 of down',
    );
  });
});

describe('a duration', () => {
  const duration = command({ duration: true });

  it('is the program’s own by the guest’s clock, in ms, where less is better', () => {
    const [reading] = duration.parse(output('', { durationNs: 12_500_000, tickNs: 1000 }));
    assert.deepEqual(reading?.metrics, [{ name: 'duration', unit: 'ms', better: 'lower', value: 12.5 }]);
  });

  it('of 100 ticks is taken, and below that refused', () => {
    const of = (durationNs: number) => output('', { durationNs, tickNs: 10_000_000 });
    assert.equal(duration.parse(of(1e9))[0]?.metrics[0]?.value, 1000);
    assert.equal(
      reasonOf(duration, of(1e9 - 1)),
      'it took 1.00e+3 ms, less than 100 ticks (10.0 ms each) of the guest’s best clock: make it do more work, or report its own time',
    );
  });

  it('that could not be taken is a failure', () => {
    assert.equal(
      reasonOf(duration, output('', { durationNs: null })),
      'the guest’s clock could not be read, or ran backwards',
    );
  });
});
