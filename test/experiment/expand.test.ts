/** What is written once for many: extends, sweep, merge keys, and variables of the environment. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { loadExperiment, parseExperiment } from '../../src/experiment/load.ts';
import { workloadName } from '../../src/workload/kind.ts';
import { testFolder } from '../support/directory.ts';
import { problemOf } from '../support/problem.ts';

const text = (modes: string, workloads = '  - { use: clpeak }') => `name: x
targets: { a: { ssh: a }, b: { ssh: b } }
modes:
  native: { use: native, on: a }
${modes}
workloads:
${workloads}
`;
const parse = (...parts: Parameters<typeof text>) => parseExperiment(text(...parts), 'x.yaml');
const mistakes = (...parts: Parameters<typeof text>) => problemOf(() => parse(...parts)).details ?? [];

describe('a mode that extends another', () => {
  it('has all of its keys but those that it has itself', () => {
    const { modes } = parse(`  one: { use: custom, on: b, count: [{ run: c }], wrapper: 'w {command}' }
  two: { extends: one, wrapper: 'v {command}' }
  three: { extends: two, on: a }`);
    assert.deepEqual(modes['two'], { ...modes['one'], wrapper: 'v {command}' });
    assert.deepEqual(modes['three'], { ...modes['two'], on: ['a'] });
  });

  it('may be a native mode in another place', () => {
    assert.deepEqual(parse('  there: { extends: native, on: b }').modes['there']?.on, ['b']);
  });

  it('is refused where there is no such mode, or where it extends itself', () => {
    assert.match(
      mistakes('  one: { extends: nativ }').join(),
      /:5:19: modes\.one\.extends names no mode.*did you mean native/s,
    );
    assert.match(
      mistakes('  one: { extends: two }\n  two: { extends: one }').join(),
      /extends itself.*one extends two extends one/s,
    );
    assert.match(mistakes('  one: { extends: [native] }').join(), /names no mode/);
  });

  it('is refused above more than twenty others', () => {
    const chain = Array.from(
      { length: 22 },
      (_, at) => `  m${at}: { extends: ${at === 0 ? 'native' : `m${at - 1}`} }`,
    );
    assert.match(mistakes(chain.join('\n')).join(), /modes\.m\d+ extends too long a chain of modes/);
    assert.deepEqual(Object.keys(parse(chain.slice(0, 19).join('\n')).modes).length, 20);
  });

  it('has a mistake told where it is written', () => {
    assert.match(
      mistakes('  one: { use: custom, on: b, wrapper: w }\n  two: { extends: one }').join('\n'),
      /x\.yaml:5:39: modes\.one\.wrapper[\s\S]*x\.yaml:5:39: modes\.one\.wrapper/,
    );
    assert.match(
      mistakes('  two: { extends: native, hots: x }').join(),
      /x\.yaml:5:27: unknown key in modes\.two/,
    );
  });
});

describe('a workload that sweeps', () => {
  const command = (rest: string) =>
    `  - { use: command, ${rest}, metric: { pattern: 'GFLOPS: {value}', unit: GFLOP/s, better: higher } }`;
  const names = (workloads: string) => parse('', workloads).workloads.map(workloadName);

  it('is one workload for each value, and each combination of them', () => {
    const { workloads } = parse(
      '',
      command("name: mmul, run: './mmul {size} {kind}', sweep: { size: [256, 1024], kind: [f32, f64] }"),
    );
    assert.deepEqual(
      workloads.map((one) => [workloadName(one), 'run' in one ? one.run : '']),
      [
        ['mmul-256-f32', './mmul 256 f32'],
        ['mmul-256-f64', './mmul 256 f64'],
        ['mmul-1024-f32', './mmul 1024 f32'],
        ['mmul-1024-f64', './mmul 1024 f64'],
      ],
    );
  });

  it('has the values in its name where its author wants them', () => {
    assert.deepEqual(names(command("name: 'm{n}x', run: 'm {n}', sweep: { n: [1, 2] }")), ['m1x', 'm2x']);
  });

  it('takes a value as it is where it stands alone', () => {
    const { workloads } = parse('', '  - { use: hashcat, hash: "{mode}", sweep: { mode: [0, 1400] } }');
    assert.deepEqual(
      workloads.map((one) => [workloadName(one), 'hash' in one && one.hash]),
      [
        ['hashcat-0', 0],
        ['hashcat-1400', 1400],
      ],
    );
  });

  it('leaves what else is in braces alone', () => {
    const [one] = parse('', command("name: m, run: 'm {n} {other} ${x}', sweep: { n: [1] }")).workloads;
    assert.equal(one !== undefined && 'run' in one && one.run, 'm 1 {other} ${x}');
  });

  const refused: [string, RegExp][] = [
    ['sweep: { }', /map of names to lists/],
    ['sweep: [1, 2]', /map of names to lists/],
    ['sweep: { n: [] }', /list of distinct numbers or texts/],
    ['sweep: { n: [1, 1] }', /distinct/],
    ['sweep: { n: 5 }', /list of distinct numbers/],
    ['sweep: { value: [1] }', /but not value/],
    ['sweep: { absent: [1] }', /\{absent\} somewhere in the workload/],
    [
      `sweep: { n: [${Array.from({ length: 1001 }, (_, one) => one).join()}] }`,
      /at most 1000 workloads from sweeps/,
    ],
  ];
  for (const [sweep, told] of refused)
    it(`is refused with ${sweep.slice(0, 30)}`, () => {
      const found = mistakes('', command(`name: m, run: 'm {n}', ${sweep}`)).join('\n');
      assert.match(found, told);
      assert.match(found, /^x\.yaml:7:\d+: workloads\.1\.sweep/);
    });

  it('has a mistake of a later workload told in its place', () => {
    const found = mistakes(
      '',
      `${command("name: m, run: 'm {n}', sweep: { n: [1, 2] }")}\n  - { use: clpeek }`,
    );
    assert.match(found.join(), /x\.yaml:8:12: workloads\.2/);
  });
});

describe('merge keys', () => {
  it('are YAML’s own', () => {
    const { modes } = parse(`  one: &one { use: custom, on: b, count: [{ run: c }] }
  two: { <<: *one, on: a }`);
    assert.deepEqual(modes['two'], { ...modes['one'], on: ['a'] });
  });
});

describe('variables of the environment', () => {
  const folder = testFolder();
  const load = (source: string, environment: Record<string, string>) => {
    const file = join(folder, 'x.yaml');
    writeFileSync(file, source);
    return loadExperiment(file, environment);
  };
  const source = text(
    "  there: { use: custom, on: b, count: [{ run: 'count ${PLACE}/x $${PLACE} $PLACE ${PLACE%/}' }] }",
  );
  const runOf = ({ experiment }: ReturnType<typeof load>) => {
    const mode = experiment.modes['there'];
    return mode !== undefined && 'count' in mode ? mode.count[0]?.run : undefined;
  };

  it('stand for their values in any text; the shell’s own have two dollar signs', () => {
    assert.equal(runOf(load(source, { PLACE: '/a' })), 'count /a/x ${PLACE} $PLACE ${PLACE%/}');
  });

  it('may have any value, which is text and nothing else', () => {
    for (const value of ["a'b", 'a"b: {c}\n- d', '${PLACE}', '$${PLACE}', '']) {
      const loaded = load(source, { PLACE: value });
      assert.equal(runOf(loaded), `count ${value}/x \${PLACE} $PLACE \${PLACE%/}`);
      assert.equal(loaded.experiment.modes['native']?.use, 'native');
    }
  });

  it('are not asked for again by what a run keeps', () => {
    const { source: kept, experiment } = load(source, { PLACE: 'it’s ${HERE}' });
    assert.deepEqual(load(kept, {}).experiment, experiment);
    const file = join(folder, 'x.yaml');
    assert.deepEqual(loadExperiment(file, null).experiment, experiment);
  });

  it('leave every line where it was', () => {
    const long = `name: x
targets: { a: { ssh: "\${HOST}" } }
modes:
  native:
    use: custom
    on: a
    count:
      - run: |
          first \${HOST}
          second
    hots: 1
workloads: [{ use: clpeak }]
`;
    const { details = [] } = problemOf(() => load(long, { HOST: 'h' }));
    assert.match(details.join(), /x\.yaml:11:5: unknown key in modes\.native/);
  });

  it('that are not set are refused, each with its place', () => {
    const { details = [], exitCode } = problemOf(() => load(source, {}));
    assert.equal(exitCode, 2);
    assert.match(
      details.join(),
      /x\.yaml:5:\d+: the variable PLACE is not set.*PLACE=\.\.\. vgpubench run FILE/s,
    );
  });
});
