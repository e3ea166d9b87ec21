/** Files that are no experiments of anybody: refused within seconds, whatever they are and however they are nested. */
import assert from 'node:assert/strict';
import { truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { execa } from 'execa';
import { loadExperiment, parseExperiment } from '../../src/experiment/load.ts';
import { makePlan } from '../../src/plan/plan.ts';
import { vgpubench } from '../support/cli.ts';
import { testFolder } from '../support/directory.ts';
import { EXPERIMENT, experimentText, experimentWith } from '../support/experiment-text.ts';
import { problemOf } from '../support/problem.ts';

/** What is promised of each refusal, with room for a busy machine. */
const LIMIT_MS = 20_000;

const times = (count: number, line: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => line(index)).join('');

/** A campaign on so many targets, each with a mode of its own. */
const campaign = (targets: number) =>
  [
    'name: campaign\nbaseline: m0\ntargets:\n',
    times(
      targets,
      (index) => `  t${index}: { ssh: user@host-${index}.example:2222${index === 0 ? '' : ', host: t0'} }\n`,
    ),
    'modes:\n',
    times(
      targets,
      (index) => `  m${index}: { use: custom, on: t${index}, wrapper: "taskset -c 0 {command}" }\n`,
    ),
    'workloads: [{ use: clpeak }, { use: command, name: w, run: ./w, metric: { duration: true } }]\n',
    'design: { blocks: 10 }\n',
  ].join('');

describe('an experiment of 2,000 targets and modes', () => {
  it('is loaded and planned', () => {
    const experiment = parseExperiment(campaign(2000), 'f.yaml');
    assert.equal(Object.keys(experiment.targets).length, 2000);
    assert.equal(makePlan(experiment).trials.length, 40_000);
  });
});

describe('a text that is too large', () => {
  const folder = testFolder();
  const refused = (text: string, said: RegExp) => {
    const file = join(folder, 'large.yaml');
    writeFileSync(file, text);
    const begin = performance.now();
    const { message, details = [], found, exitCode } = problemOf(() => loadExperiment(file));
    assert.ok(performance.now() - begin < LIMIT_MS, `${performance.now() - begin} ms`);
    assert.equal(exitCode, 2);
    assert.ok(details.length <= 101, `${details.length} lines`);
    const whole = [message, ...details, found ?? ''].join('\n');
    assert.match(whole, said);
    assert.ok(whole.length < 2 ** 20, `${whole.length} characters`);
  };
  const SIZE =
    /large\.yaml:\d+:\d+: too large to be an experiment \[VGB-EXPERIMENT-SIZE\]\n {2}expected: at most/;

  for (const [what, text, said] of [
    ['300,000 targets', () => campaign(300_000), /more than 1 MiB/],
    ['12,000 targets', () => `targets:\n${times(12_000, (at) => `  t${at}: {}\n`)}`, SIZE],
    ['12,000 modes', () => `modes: {${times(12_000, (at) => `m${at}: {},`)}}`, SIZE],
    ['12,000 workloads', () => `workloads:\n${'- {}\n'.repeat(12_000)}`, SIZE],
    ['a target on a list of 12,000', () => `modes: { a: { on: [${'t,'.repeat(12_000)}] } }`, SIZE],
    [
      'as many environment variables',
      () =>
        EXPERIMENT.replace(
          'on: guest }',
          `on: guest, environment: {${times(12_000, (at) => `V${at}: x,`)}} }`,
        ),
      SIZE,
    ],
    ['a megabyte of maps in maps', () => '{a: '.repeat(2 ** 18 - 1), SIZE],
    ['a megabyte of lists in lists', () => '['.repeat(2 ** 20 - 1), SIZE],
    ['2,000 lists in lists', () => `a: ${'['.repeat(2000)}${']'.repeat(2000)}`, SIZE],
    ['a megabyte of lists on one line', () => '- '.repeat(2 ** 19 - 1), SIZE],
    ['a megabyte of short lists', () => '[a,a]: b\n'.repeat(100_000), SIZE],
    ['a megabyte of quotes', () => '"'.repeat(2 ** 20), SIZE],
    ['200,000 quotes', () => '"'.repeat(200_000), /SYNTAX[\s\S]*and \d+ more/],
    ['30,000 lines of no YAML', () => ': } ]\n'.repeat(30_000), /SYNTAX[\s\S]*and \d+ more/],
    ['40,000 aliases as keys', () => `a: &a x\n${'? *a\n'.repeat(40_000)}`, SIZE],
    [
      '40,000 aliases in short lists',
      () => `a: &a x\nb:\n${' - [*a, *a, *a, *a]\n'.repeat(9_000)}`,
      /VGB-EXPERIMENT/,
    ],
  ] as const)
    it(`is refused in seconds: ${what}`, () => {
      refused(text(), said);
    });

  it('has its first mistakes told, and how many more there are', () => {
    const wrong = times(9_000, (at) => `  t${at}: { ssh: x, host: none${at} }\n`);
    refused(experimentText('  bare: {', `${wrong}  bare: {`), /9000 mistakes[\s\S]*and 8900 more/);
    const keys = times(9_000, (at) => `key${at}: x\n`);
    refused(`${EXPERIMENT}${keys}`, /9000 mistakes[\s\S]*and 8900 more/);
    const values = times(9_000, (at) => `  t${at}: { ssh: [] }\n`);
    refused(experimentText('  bare: {', `${values}  bare: {`), /and \d+ more/);
  });

  it('is refused as the command line’s file: a pipe, devices, a folder, 100 MB', async () => {
    await execa('mkfifo', [join(folder, 'pipe.yaml')]);
    writeFileSync(join(folder, 'hundred.yaml'), '');
    truncateSync(join(folder, 'hundred.yaml'), 100 * 2 ** 20);
    for (const [file, found] of [
      ['pipe.yaml', /found: +a pipe, a socket or a device/],
      ['/dev/zero', /found: +a pipe, a socket or a device/],
      ['/dev/tty', /found: /],
      ['.', /found: +a directory/],
      ['hundred.yaml', /found: +more than 1 MiB/],
      ['/proc/kmsg', /found: /],
    ] as const)
      for (const command of file === 'pipe.yaml' ? ['plan', 'run', 'doctor', 'lab run'] : ['plan']) {
        const begin = performance.now();
        const { exitCode, stderr } = await vgpubench([...command.split(' '), file], folder);
        assert.equal(exitCode, 2, `${command} ${file}: ${stderr}`);
        assert.match(stderr, /VGB-EXPERIMENT-READ/);
        assert.match(stderr, found);
        assert.ok(performance.now() - begin < LIMIT_MS, `${command} ${file}`);
      }
  });
});

describe('a plan of too many trials', () => {
  it('is refused with what it comes to, before it is made', () => {
    const experiment = parseExperiment(campaign(2000).replace('blocks: 10', 'blocks: 10000'), 'f.yaml');
    const { code, found, exitCode } = problemOf(() => makePlan(experiment));
    assert.deepEqual([code, exitCode], ['VGB-PLAN-SIZE', 2]);
    assert.equal(found, '10000 blocks x 2000 modes on 2000 targets in all x 2 workloads = 40000000');
  });

  it('is made where it is just small enough', () => {
    const { design, ...rest } = experimentWith('{ blocks: 10000 }');
    const workloads = Array.from({ length: 25 }, (_, at) => ({ ...rest.workloads[0]!, name: `w${at}` }));
    assert.equal(makePlan({ ...rest, design, workloads }).trials.length, 500_000);
    const more = [...workloads, { ...rest.workloads[0]!, name: 'more' }];
    assert.equal(problemOf(() => makePlan({ ...rest, design, workloads: more })).code, 'VGB-PLAN-SIZE');
  });
});
