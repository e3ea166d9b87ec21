import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { execa } from 'execa';
import type { Results } from '../../src/compare/results.ts';
import { vgpubench as inProcess } from '../support/cli-in-process.ts';
import { NEUTRAL, PROGRAM, vgpubench } from '../support/cli.ts';
import { markedExperiment } from '../support/experiment.ts';
import { testTargets } from '../support/targets.ts';
import { testFolder } from '../support/directory.ts';

describe('the command line, before anything is run', () => {
  const folder = testFolder();
  const call = (...args: string[]) => inProcess(args, folder);

  it('teaches with --help: every command, the first steps, the exit codes', async () => {
    const { exitCode, stdout } = await vgpubench(['--help'], folder);
    assert.equal(exitCode, 0);
    for (const word of [
      'init',
      'list',
      'doctor',
      'plan',
      'run',
      'resume',
      'restore',
      'report',
      'schema',
      'First steps',
      '130',
    ])
      assert.match(stdout, new RegExp(word));
  });

  it('refuses an unknown command with 2 and the nearest one', async () => {
    const { exitCode, stderr } = await call('pln', 'x.yaml');
    assert.equal(exitCode, 2);
    assert.match(stderr, /Did you mean plan/);
  });

  it('refuses with 2 what a command below another does not know, or lacks', async () => {
    for (const [args, said] of [
      [['lab', 'up', '--nonsense'], /unknown option '--nonsense'/],
      [['history', 'add', 'RUN'], /required option '--to <file>'/],
    ] as const) {
      const { exitCode, stderr } = await call(...args);
      assert.equal(exitCode, 2, args.join(' '));
      assert.match(stderr, said);
    }
  });

  it('refuses a wrong experiment file with 2 and touches nothing', async () => {
    const before = readdirSync(folder);
    writeFileSync(
      join(folder, 'wrong.yaml'),
      'name: x\ntargets: { a: { ssh: nowhere.invalid } }\nmodes: { native: { use: natve, on: a } }\nworkloads: [{ use: clpeak }]\n',
    );
    const { exitCode, stderr, stdout } = await call('run', 'wrong.yaml');
    assert.equal(exitCode, 2);
    assert.equal(stdout, '');
    assert.match(
      stderr,
      /wrong\.yaml:3:25: .*\[VGB-EXPERIMENT-USE\]\n.*expected: .*\n.*found: .*natve.*\n.*did you mean native/,
    );
    assert.deepEqual(readdirSync(folder), [...before, 'wrong.yaml']);
  });

  it('refuses a file that is not there, a run that is not one, and an unknown schema, each with 2', async () => {
    for (const [args, said] of [
      [['run', 'none.yaml'], /none\.yaml[\s\S]*ENOENT/],
      [['resume', 'none'], /none[\s\S]*ENOENT/],
      [['report', 'none'], /none[\s\S]*ENOENT/],
      [['restore', 'none'], /none[\s\S]*ENOENT/],
      [['schema', 'nonsense'], /expected: .*experiment[\s\S]*found: .*nonsense/],
    ] as const) {
      const { exitCode, stderr } = await call(...args);
      assert.equal(exitCode, 2, args.join(' '));
      assert.match(stderr, said, args.join(' '));
    }
  });

  it('writes an experiment to start from, which it can plan, and does not overwrite it', async () => {
    assert.equal((await call('init', 'mine.yaml')).exitCode, 0);
    assert.equal((await call('plan', 'mine.yaml')).exitCode, 0);
    assert.equal((await call('init', 'mine.yaml')).exitCode, 2);
  });

  it('writes it as JSON where the name says so, and means the same', async () => {
    assert.equal((await call('init', 'mine.json')).exitCode, 0);
    assert.doesNotThrow(() => JSON.parse(readFileSync(join(folder, 'mine.json'), 'utf8')) as unknown);
    const plan = async (file: string) => (await call('plan', file, '--json')).stdout;
    assert.equal(await plan('mine.json'), await plan('mine.yaml'));
  });

  it('plans the same bytes for the same file and seed, and others for another seed', async () => {
    const plan = async (seed: string) => (await call('plan', 'mine.yaml', '--json', '--seed', seed)).stdout;
    assert.equal(await plan('7'), await plan('7'));
    assert.notEqual(await plan('7'), await plan('8'));
  });

  it('refuses a seed that is none with 2, and names those that are', async () => {
    for (const seed of ['-1', '1.5', '4294967296', 'x']) {
      const { exitCode, stdout, stderr } = await call('plan', 'mine.yaml', '--seed', seed);
      assert.equal(exitCode, 2, seed);
      assert.equal(stdout, '', seed);
      assert.match(stderr, /'--seed <n>'.*expected a whole number from 0 to 4294967295/, seed);
    }
    for (const seed of ['0', '4294967295'])
      assert.equal((await call('plan', 'mine.yaml', '--seed', seed)).exitCode, 0, seed);
  });

  it('says how many trials a plan has and what is known of their time', async () => {
    const { stdout } = await call('plan', 'mine.yaml');
    assert.match(stdout, /18 trials: 6 blocks x 3 modes x 1 workloads/);
    assert.match(stdout, /unknown until this experiment has been run once/);
  });

  it('lists what there is, and all of one, as text of 100 columns and as JSON', async () => {
    const modes = await call('list', 'modes');
    assert.match(modes.stdout, /^native {2,}\S/m);
    const { stdout } = await call('list', 'modes', 'custom');
    for (const part of [
      'boundary:',
      'needs:',
      'options:',
      'attested by:',
      'how it can fail:',
      'an example experiment:',
    ])
      assert.ok(stdout.includes(part), part);
    for (const line of `${modes.stdout}\n${stdout}`.split('\n')) assert.ok(line.length <= 100, line);
    const json: unknown = JSON.parse((await call('list', 'workloads', 'probe', '--json')).stdout);
    assert.deepEqual(Object.keys(json as object), ['workloads']);
    const unknown = await call('list', 'modes', 'natve');
    assert.deepEqual([unknown.exitCode, unknown.stdout], [2, '']);
    assert.match(unknown.stderr, /did you mean native/);
  });

  it('prints JSON Schemas', async () => {
    for (const name of ['experiment', 'results', 'journal']) {
      const { stdout } = await call('schema', name);
      assert.match((JSON.parse(stdout) as { $schema: string }).$schema, /json-schema/);
    }
  });
});

describe('the command line, on a real target', () => {
  const lab = testTargets([{ alias: 'a' }]);

  function experiment(name: string): string {
    const file = join(lab.folder, `${name}.yaml`);
    writeFileSync(
      file,
      markedExperiment({
        sshConfig: lab.servers.sshConfig,
        marker: join(lab.folder, `${name}.ran`),
        blocks: 3,
        samples: 2,
        seconds: 0.05,
      }),
    );
    return file;
  }

  it('has doctor find a healthy target healthy, and a sick one sick', async () => {
    // A CI job's pipe is no terminal, whatever CI=1 makes of it elsewhere.
    const well = await vgpubench(['doctor', experiment('well')], lab.folder, { CI: '1' });
    assert.equal(well.exitCode, 0, well.stdout);
    assert.match(well.stdout, /✓ a: clock: .* tick/);
    assert.match(well.stdout, /✓ a: containment: (a control group|a systemd scope|no control group)/);
    const file = join(lab.folder, 'sick.yaml');
    writeFileSync(
      file,
      readFileSync(experiment('well'), 'utf8')
        .replace('run: "echo', 'run: "no-such-program; echo')
        .replace('ssh: a,', 'ssh: a,'),
    );
    const sick = await vgpubench(['doctor', file], lab.folder);
    assert.equal(sick.exitCode, 4);
    assert.match(sick.stdout, /✗ a: workload marked: no program no-such-program/);
  });

  it('prints results on stdout and plain progress lines on stderr in a pipe', async () => {
    const { exitCode, stdout, stderr } = await vgpubench(
      ['run', experiment('piped'), '--out', 'piped'],
      lab.folder,
    );
    assert.equal(exitCode, 0, stderr);
    assert.match(stdout, /^again +█+ +100\.0% +.* = same$/m);
    assert.doesNotMatch(stdout, /again +marked/);
    assert.match(stdout, /report: piped\/index\.html/);
    assert.match(stderr, /6\/6 b3\.\w+\.marked completed/);
    // eslint-disable-next-line no-control-regex -- a pipe gets no escape sequences
    assert.doesNotMatch(stdout + stderr, /\u001b/);
  });

  it('prints the table with --table, and nothing about how it goes with --quiet', async () => {
    const { exitCode, stdout, stderr } = await vgpubench(
      ['run', experiment('piped'), '--out', 'quiet', '--table', '--quiet'],
      lab.folder,
    );
    assert.equal(exitCode, 0, stderr);
    assert.match(stdout, /again +marked +value/);
    assert.equal(stderr, '');
  });

  it('is folded in a CI’s log, and told event by event with -v', async () => {
    const env = { GITHUB_ACTIONS: 'true' };
    const run = (...more: string[]) => vgpubench(['run', experiment('ci'), ...more], lab.folder, env);
    assert.match(
      (await run('--out', 'folded')).stderr,
      /^::group::block 1 of 3\n.* b1\.[\s\S]*^::endgroup::$/m,
    );
    assert.match((await run('--out', 'verbose', '-v')).stderr, /^\S+ sample trial=b1\./m);
  });

  it('has the browser open the report, or says where it is where there is none', async () => {
    const bin = join(lab.folder, 'bin');
    mkdirSync(bin, { recursive: true });
    symlinkSync(process.execPath, join(bin, 'node'));
    const none = await vgpubench(['report', 'piped', '--open'], lab.folder, { PATH: bin });
    assert.match(none.stderr, /the page is \S+\/piped\/index\.html/);
    writeFileSync(join(bin, 'xdg-open'), `#!/bin/sh\necho "$1" >${join(lab.folder, 'opened')}\n`, {
      mode: 0o755,
    });
    const some = await vgpubench(['report', 'piped', '--open'], lab.folder, { PATH: bin });
    assert.equal(some.stderr, '');
    assert.match(readFileSync(join(lab.folder, 'opened'), 'utf8'), /\/piped\/index\.html\n$/);
  });

  it('prints JSON with --json, and makes the same report again from the journal, byte for byte', async () => {
    const { stdout, stderr } = await vgpubench(
      ['run', experiment('json'), '--out', 'json', '--json'],
      lab.folder,
    );
    const results = JSON.parse(stdout) as Results;
    assert.equal(results.trials.completed, 6);
    for (const line of stderr.trim().split('\n')) assert.equal((JSON.parse(line) as { v: number }).v, 2);
    const path = join(lab.folder, 'json', 'results.json');
    const first = readFileSync(path);
    const page = readFileSync(join(lab.folder, 'json', 'index.html'));
    rmSync(path);
    assert.equal((await vgpubench(['report', 'json'], lab.folder)).exitCode, 0);
    assert.deepEqual(readFileSync(path), first);
    assert.deepEqual(readFileSync(join(lab.folder, 'json', 'index.html')), page);
  });

  it('compares a run with another of its modes, beside the run’s own report', async () => {
    const own = readFileSync(join(lab.folder, 'json/results.json'), 'utf8');
    const { stdout } = await vgpubench(['report', 'json', '--baseline', 'again', '--json'], lab.folder);
    const { baseline, comparisons } = JSON.parse(stdout) as Results;
    assert.equal(baseline, 'again');
    assert.deepEqual([...new Set(comparisons.map(({ mode }) => mode))], ['native']);
    assert.match(readFileSync(join(lab.folder, 'json/against-again/index.html'), 'utf8'), /% of again/);
    assert.equal(readFileSync(join(lab.folder, 'json/results.json'), 'utf8'), own);
    const wrong = await vgpubench(['report', 'json', '--baseline', 'agian'], lab.folder);
    assert.equal(wrong.exitCode, 2);
    assert.match(wrong.stderr, /did you mean again/);
  });

  it('refuses to run into a directory that holds a run', async () => {
    const { exitCode, stderr } = await vgpubench(['run', experiment('json'), '--out', 'json'], lab.folder);
    assert.equal(exitCode, 2);
    assert.match(stderr, /vgpubench resume json/);
  });

  it('estimates the time from an earlier run under reports/', async () => {
    await vgpubench(['run', experiment('marked')], lab.folder);
    const { stdout } = await vgpubench(['plan', experiment('marked')], lab.folder);
    assert.match(stdout, /time: about [\d.]+ s, based on the trials of reports\/marked-/);
  });

  it('shows a live view on a terminal, and no colour with NO_COLOR', async () => {
    const onTerminal = (out: string, env: Record<string, string>) =>
      execa(
        'script',
        [
          '-qec',
          `stty cols 100 rows 30; exec ${process.execPath} ${PROGRAM.join(' ')} run ${experiment('live')} --out ${out}`,
          '/dev/null',
        ],
        { cwd: lab.folder, env: { ...NEUTRAL, TERM: 'xterm', ...env } },
      );
    const coloured = (await onTerminal('live', {})).stdout;
    assert.match(coloured, /█/);
    assert.match(coloured, /block 3\/3/);
    assert.match(coloured, /elapsed/);
    // eslint-disable-next-line no-control-regex -- colours are escape sequences
    assert.match(coloured, /\u001b\[3[0-9]m/);
    // eslint-disable-next-line no-control-regex -- colours are escape sequences
    assert.doesNotMatch((await onTerminal('plain', { NO_COLOR: '1' })).stdout, /\u001b\[3[0-9]m/);
  });
});
