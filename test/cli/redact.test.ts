/** A real run on a machine full of names, and every file of its redacted copy searched for them. */
import assert from 'node:assert/strict';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { execa } from 'execa';
import { type Servers, startServers } from '../../bench/loopback/sshd.ts';
import type { Results } from '../../src/compare/results.ts';
import type { Run } from '../../src/record/read-run.ts';
import { secretsOf } from '../../src/run/secrets.ts';
import { simulatedRun } from '../compare/simulated-run.ts';
import { NEUTRAL, PROGRAM } from '../support/cli.ts';
import { machineOf, machinesFolder } from '../support/machine.ts';

const HOST = 'gausstell';
const HARNESS = 'hilberttell';
const USER = 'emmytell';
const PROJECT = 'projecttell';
const CMDLINE = 'console=ttyS0 secret.key=cmdtell42 root=UUID=0fc1a3b2-9d6e-4f7a-8b1c-2d3e4f5a6b7c quiet';
const ADDRESSES = ['10.11.12.13', 'fe80::dead:beef'];

const TELLTALES = [HOST, HARNESS, USER, PROJECT, 'cmdtell', '0fc1a3b2', ...ADDRESSES];

describe('a report with --redact', () => {
  const folder = machinesFolder();
  const work = join(folder, PROJECT);
  let servers: Servers;

  before(async () => {
    mkdirSync(work);
    const { within } = machineOf(
      join(folder, 'm'),
      [{ name: USER, uid: 4242 }],
      `hostname ${HOST}
echo '${CMDLINE}' >${folder}/m/cmdline
mount --bind ${folder}/m/cmdline /proc/cmdline`,
    );
    const [unshare = '', ...rest] = within;
    servers = await startServers(
      [{ alias: HOST, user: USER, within: [unshare, '--uts', ...rest] }],
      join(folder, 'servers'),
    );
    chmodSync(join(folder, 'servers'), 0o711);
    writeFileSync(
      join(work, 'e.yaml'),
      `# for ${USER} on ${HOST}, at ${ADDRESSES[0] ?? ''}
name: redacted
targets: { gpu: { ssh: ${HOST}, config: ${servers.sshConfig} } }
modes:
  native:
    use: custom
    on: gpu
    environment: { DATA: /srv/${PROJECT}/data }
    attest:
      - { run: "cat /proc/cmdline; uname -n; id -un; pwd; echo ${ADDRESSES.join(' ')}", claim: it is ${HOST} }
  again: { use: native, on: gpu, hypervisor: allowed }
workloads:
  - { use: command, name: work, run: "echo 'speed: 42'", metric: { pattern: "speed: {value}", unit: GB/s, better: higher } }
  - { use: command, name: fails, run: /opt/${PROJECT}/none --host ${HOST}, metric: { duration: true } }
design: { blocks: 2, samples: 1, warmup: 0 }
`,
    );
  });
  after(async () => {
    await servers.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  /** The command line on a machine of that name. */
  const call = (...args: string[]) =>
    execa(
      'unshare',
      ['--uts', 'sh', '-c', `hostname ${HARNESS}; exec "$@"`, 'sh', process.execPath, ...PROGRAM, ...args],
      { reject: false, timeout: 120_000, cwd: work, env: NEUTRAL },
    );

  /** All that can be read out of a folder's files, by their names; what pages and charts embed is decoded. */
  function textsIn(directory: string): Map<string, string> {
    const files = readdirSync(directory, { recursive: true, encoding: 'utf8' }).filter((name) =>
      statSync(join(directory, name)).isFile(),
    );
    return new Map(
      files.map((name) => {
        const raw = readFileSync(join(directory, name), 'latin1');
        const embedded = /<script type="application\/json" id="charts">(.*?)<\/script>/s.exec(raw)?.[1];
        const decoded = raw
          .replace(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)))
          .replace(/&#x([0-9a-f]+);/gi, (_, code: string) => String.fromCodePoint(parseInt(code, 16)))
          .replace(/\\|\u2060|&[a-z]+;/g, '');
        const charts = embedded === undefined ? '' : JSON.stringify(JSON.parse(embedded));
        return [name, [raw, decoded, charts].join('\n').toLowerCase()];
      }),
    );
  }
  const found = (directory: string) =>
    [...textsIn(directory)].flatMap(([name, text]) =>
      TELLTALES.filter((telltale) => text.includes(telltale)).map((telltale) => `${name}: ${telltale}`),
    );
  const results = (directory: string) =>
    JSON.parse(readFileSync(join(directory, 'results.json'), 'utf8')) as Results;

  it('names nobody in any file of its copy, and the report itself does', async () => {
    const run = await call('run', 'e.yaml', '--out', 'run');
    assert.equal(run.exitCode, 4, run.stderr);
    const own = textsIn(join(work, 'run'));
    for (const telltale of TELLTALES.filter((one) => one !== HARNESS))
      assert.ok(own.get('index.html')?.includes(telltale), `${telltale} is in the page`);
    const before = readFileSync(join(work, 'run/index.html'));

    const { exitCode, stdout, stderr } = await call('report', 'run', '--redact', '--gate', 'run');
    assert.equal(exitCode, 4, stderr);
    assert.match(stdout, /report: run\/redacted\/index\.html/);
    const copy = join(work, 'run/redacted');
    assert.deepEqual(found(copy), []);
    for (const [name, text] of textsIn(copy))
      assert.doesNotMatch(text, /\/(?:home|srv|opt|run|tmp|root)\/|127\.0\.0\.1/, name);
    assert.deepEqual(readFileSync(join(work, 'run/index.html')), before);
  });

  it('has every file of the report and the experiment, and never the journal', () => {
    const names = (directory: string) => readdirSync(directory, { recursive: true, encoding: 'utf8' }).sort();
    const own = names(join(work, 'run')).filter((name) => !name.startsWith('redacted'));
    assert.deepEqual(
      names(join(work, 'run/redacted')),
      own.filter((name) => !['journal.jsonl', 'plan.json'].includes(name)),
    );
  });

  it('keeps what a reader judges by: figures, names of modes, kernel and CPU', () => {
    const [own, copy] = [results(join(work, 'run')), results(join(work, 'run/redacted'))];
    assert.deepEqual(
      copy.cells,
      own.cells.map((cell, at) => ({ ...cell, trials: copy.cells[at]?.trials })),
    );
    assert.deepEqual(copy.comparisons, own.comparisons);
    const facts = ({ environment }: Results) => {
      const { kernel, cpu, os } = environment[0]?.fingerprint ?? {};
      return { kernel, cpu, os };
    };
    assert.deepEqual(facts(copy), facts(own));
    assert.ok(copy.attestations.every(({ ok }, at) => ok === own.attestations[at]?.ok));
    const evidence = copy.attestations.find(({ mode }) => mode === 'native')?.findings[0];
    assert.match(evidence?.claim ?? '', /^it is (host-\d+)$/);
    const host = /host-\d+/.exec(evidence?.claim ?? '')?.[0] ?? '';
    assert.match(evidence?.evidence ?? '', new RegExp(`\\b${host}\\b[\\s\\S]*user-\\d`));
  });

  it('gives the copy an experiment file that still is one', async () => {
    const { exitCode, stderr } = await call('plan', 'run/redacted/experiment.yaml');
    assert.equal(exitCode, 0, stderr);
  });
});

describe('what an ssh_config tells of a target', () => {
  const home = mkdtempSync(join(tmpdir(), 'redact-'));
  const { HOME } = process.env;
  before(() => {
    process.env['HOME'] = home;
    mkdirSync(join(home, '.ssh/parts'), { recursive: true });
  });
  after(() => {
    process.env['HOME'] = HOME;
    rmSync(home, { recursive: true });
  });
  /** Of the target `gpu7`, with these files in ~/.ssh. */
  function secretsWith(files: Readonly<Record<string, string>>) {
    for (const [name, text] of Object.entries(files)) writeFileSync(join(home, '.ssh', name), text);
    const { experiment, results } = simulatedRun();
    const targets = { gpu: { ssh: 'gpu7' } };
    const run = { experiment: { ...experiment, targets }, record: { directory: home } };
    return secretsOf(home, run as unknown as Run, results);
  }

  it('is its host name, with the alias in it', () => {
    const { hosts } = secretsWith({ config: 'Host gpu*\n  HostName %h.corp.example%%1\n' });
    assert.ok(hosts.includes('gpu7.corp.example%1'), hosts.join());
  });

  it('is in the files it includes, too', () => {
    const { hosts, users } = secretsWith({
      config: `Include parts/*.conf "${home}/.ssh/my own" ~/.ssh/third\nHost other\n  Include unread\n`,
      'parts/a.conf': 'Host gpu7\n  HostName first.example\n',
      'parts/b.conf': 'Host other\n  HostName never.example\n',
      'my own': 'User emmy # who else\n',
      third: 'ProxyJump "bob@jump.example:22"\n',
      unread: 'HostName never.example\n',
    });
    for (const host of ['first.example', 'jump.example']) assert.ok(hosts.includes(host), hosts.join());
    for (const user of ['emmy', 'bob']) assert.ok(users.includes(user), users.join());
    assert.ok(!hosts.includes('never.example'));
  });

  it('is read to an end where a file includes itself', () => {
    const { hosts } = secretsWith({ config: 'Include config con* */../config\nHostName last.example\n' });
    assert.ok(hosts.includes('last.example'));
  });
});
