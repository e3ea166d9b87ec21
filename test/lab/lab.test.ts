/** The lab end to end, in one boot: an experiment in two modes, what each box says of itself, nothing left behind. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';

import { execa } from 'execa';
import * as z from 'zod';

import type { Results } from '../../src/compare/results.ts';
import { NEUTRAL, PROGRAM } from '../support/cli.ts';
import { processesWith, until } from '../support/processes.ts';

/** A lab of the test's own: one that is up is left alone. What it builds is kept for the next time. */
const cache = join(import.meta.dirname, '../../.cache/lab-test');

const EXPERIMENT = `
name: end-to-end
targets: { bare: { lab: bare }, dom0: { lab: dom0 }, g1: { lab: g1, host: dom0 } }
modes:
  native: { use: lab-native, on: bare }
  pvdrm-cache: { use: lab-pvdrm, on: g1, cache: true }
workloads:
  - { use: command, name: gem, run: gem 5, metric: { name: time, field: totalNs, unit: ns, better: lower } }
design: { blocks: 1, warmup: 1, samples: 1 }
limits: { trial: 60s }
`;

/** What goes wrong on purpose: a result that the GPU spoils, a GPU that hangs, and what must not be possible. */
const TROUBLE = `
name: trouble
targets: { bare: { lab: bare }, dom0: { lab: dom0 }, g1: { lab: g1, host: dom0 } }
modes:
  native: { use: lab-native, on: bare }
  pvdrm: { use: lab-pvdrm, on: g1 }
workloads:
  - { use: command, name: nop, run: nop 1, metric: &time { name: time, field: totalNs, unit: ns, better: lower } }
  - { use: command, name: wrong, run: wrong 1, metric: *time }
  - { use: command, name: hang, run: hang, metric: *time, timeout: 4s }
  - { use: probe, name: map, run: probe-map }
design: { blocks: 1, warmup: 0, samples: 1, seed: 4 }
limits: { trial: 60s }
`;

const line = z.object({
  mode: z.string(),
  check: z.literal('ok'),
  checksum: z.string(),
  launches: z.number(),
  crossings: z.record(z.string(), z.number()),
});

function namesIn(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder) : [];
}

/** What a lab that is down must not have left: processes, sockets, half-made folders, files but logs. */
function remains(where: string): string[] {
  const run = join(where, 'run');
  const lab = createHash('sha256').update(run).digest('hex').slice(0, 12);
  return [
    ...processesWith(where).map(String),
    ...namesIn(tmpdir()).filter((name) => name.startsWith(`vgpubench-${lab}`)),
    ...[...namesIn(where), ...namesIn(join(where, 'build'))].filter((name) => /\.new|^packages$/.test(name)),
    ...namesIn(run).filter((name) => !name.endsWith('.log')),
  ];
}

describe('the lab', { timeout: 10 * 60_000 }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'vgb-test-'));
  const lab = (...args: string[]) =>
    execa(process.execPath, [PROGRAM, 'lab', ...args], {
      reject: false,
      timeout: 8 * 60_000,
      cwd: folder,
      stdin: 'ignore',
      env: { ...NEUTRAL, VGPUBENCH_LAB_CACHE: cache },
    });
  const plain = (...args: string[]) =>
    execa(process.execPath, [PROGRAM, ...args], {
      reject: false,
      timeout: 60_000,
      cwd: folder,
      stdin: 'ignore',
      all: true,
      env: { ...NEUTRAL, VGPUBENCH_LAB_CACHE: cache },
    });
  async function inside(name: string, command: string): Promise<unknown> {
    const { stdout, stderr, exitCode } = await lab('ssh', name, command);
    assert.equal(exitCode, 0, `${name}: ${command}: ${stderr}`);
    return stdout.startsWith('{') ? JSON.parse(stdout) : stdout;
  }
  const workload = async (name: string, command: string) => line.parse(await inside(name, command));
  after(async () => {
    await lab('down');
    rmSync(folder, { recursive: true });
  });

  it('boots, and runs two modes with the crossings they are made of', async () => {
    const file = join(folder, 'experiment.yaml');
    const out = join(folder, 'run');
    writeFileSync(file, EXPERIMENT);
    const { exitCode, stderr } = await lab('run', file, '--out', out);
    assert.equal(exitCode, 0, stderr);

    const results = JSON.parse(readFileSync(join(out, 'results.json'), 'utf8')) as Results;
    assert.match(results.versions['lab'] ?? '', /^software GPU, Xen under QEMU (TCG|KVM)$/);
    assert.deepEqual([results.trials.completed, results.trials.planned], [2, 2]);
    const [pvdrm] = results.comparisons;
    assert.equal(pvdrm?.attested, true);
    const { mmap = 0, fault = 0, fromGlobal = 0 } = pvdrm.crossings;
    assert.deepEqual({ mmap, fault }, { mmap: 0, fault: 0 }, 'objects of the warm cache are mapped already');
    assert.equal(fromGlobal, 6, 'five objects and the page of fences come from the cache');
    assert.match(readFileSync(join(out, 'index.html'), 'utf8'), /mechanisms, not hardware/);
  });

  it('voids what is wrong, outlives a GPU that hangs, and tells what a boundary refuses', async () => {
    const file = join(folder, 'trouble.yaml');
    const out = join(folder, 'trouble');
    writeFileSync(file, TROUBLE);
    const { exitCode, stderr } = await lab('run', file, '--out', out);
    assert.equal(exitCode, 4, stderr);
    const results = JSON.parse(readFileSync(join(out, 'results.json'), 'utf8')) as Results;
    const ended = Object.fromEntries(
      results.unsuccessful.map(({ trial, outcome }) => [trial.slice(3), outcome.kind]),
    );
    const stopped = ended['pvdrm.hang'] ?? '';
    assert.ok(['failed', 'timed-out'].includes(stopped), `its back-end stops the channel: ${stopped}`);
    assert.deepEqual(ended, {
      'native.wrong': 'void',
      'native.hang': 'timed-out',
      'pvdrm.wrong': 'void',
      'pvdrm.hang': stopped,
    });
    const told = (kind: string) => results.incidents.filter((one) => one.kind === kind);
    assert.match(told('void')[0]?.text ?? '', /^wrong result: word 0 is 0, not /);
    assert.equal(told('time-out')[0]?.trial, 'b1.native.hang');
    assert.match(told('recovery')[0]?.text ?? '', /^native was left after it, and is entered again/);
    assert.deepEqual(
      results.comparisons.map(({ workload }) => workload),
      ['nop'],
      'what went wrong is in no figure, and a verdict is none',
    );
    assert.deepEqual(
      results.isolation.map(({ mode, verdict, breach, attested }) => [mode, verdict, breach, attested]),
      [
        ['native', 'allowed', false, true],
        ['pvdrm', 'refused', false, true],
      ],
    );
    assert.match(readFileSync(join(out, 'summary.md'), 'utf8'), /refused \\\(1 of 1\\\)/);
  });

  it('is asked by doctor also while its guest is paused', async () => {
    const { exitCode, all } = await plain('doctor', join(folder, 'experiment.yaml'));
    assert.equal(exitCode, 0, all);
    assert.match(all, /g1: ssh: lab-g1 answers/);
  });

  it('is up afterwards, its guest paused and no boundary left standing', async () => {
    const status = JSON.parse((await lab('status', '--json')).stdout) as {
      state: string;
      processes: { pid: number }[];
    };
    assert.equal(status.state, 'up');
    assert.equal(status.processes.length, 4);
    const domains = await lab('ssh', 'dom0', 'xl list; cat /run/vgpu/mode');
    assert.match(domains.stdout, /^g1 .*--p---/m, 'the guest sleeps again');
    assert.match(domains.stderr, /No such file/, 'no boundary is left standing');
  });

  let nativeChecksum: string;

  it('runs a workload natively, with nothing to cross', async () => {
    const result = await workload('bare', 'mmul 32');
    assert.equal(result.mode, 'native');
    assert.deepEqual(result.crossings, {});
    nativeChecksum = result.checksum;
  });

  it('runs it through pvdrm: the same result, three pushbufs a launch, counted alike on both sides', async () => {
    await inside('dom0', 'vgpu-mode pvdrm g1');
    await inside('g1', 'vgpu-mode pvdrm cache=0');
    const result = await workload('g1', 'nop 10');
    assert.equal(result.crossings['pushbuf'], 3 * result.launches);
    assert.equal((await workload('g1', 'mmul 32')).checksum, nativeChecksum);
    const counts = z.record(z.string(), z.number());
    const guest = z.object({ guest: counts }).parse(await inside('g1', 'vgpu-counters')).guest;
    assert.deepEqual(z.object({ g1: counts }).parse(await inside('dom0', 'vgpu-counters')).g1, guest);
  });

  it('is attested by Xen: what a guest may map is what its mode says', async () => {
    await inside('dom0', 'vgpu-mode passthrough g1');
    const [guest] = z
      .object({ domains: z.array(z.object({ name: z.string(), ioMemoryPages: z.number() })) })
      .parse(await inside('dom0', 'vgpu-attest')).domains;
    assert.deepEqual(guest, { name: 'g1', ioMemoryPages: 32769 });
    await inside('g1', 'vgpu-mode passthrough');
    assert.equal((await workload('g1', 'mmul 32')).checksum, nativeChecksum);
    await inside('dom0', 'vgpu-mode none');
  });

  it('leaves nothing running, and no file but its logs', async () => {
    assert.equal((await lab('down')).exitCode, 0);
    assert.deepEqual(remains(cache), []);
  });

  it('says what to do where it is not up', async () => {
    for (const [command, code] of [
      ['doctor', 2],
      ['run', 2],
      ['plan', 0],
    ] as const) {
      const { exitCode, all } = await plain(command, join(folder, 'experiment.yaml'));
      assert.equal(exitCode, code, all);
      assert.match(all, /next: +vgpubench lab up --guests 1/, command);
    }
  });

  it('interrupted while packages are fetched, programs built or boxes booted, leaves nothing', async () => {
    const fresh = `${cache}-interrupted`;
    rmSync(fresh, { recursive: true, force: true });
    try {
      await interrupted(fresh, () => existsSync(join(fresh, 'packages')));
      cpSync(join(cache, 'unpacked'), join(fresh, 'unpacked'), { recursive: true, verbatimSymlinks: true });
      await interrupted(fresh, () => namesIn(join(fresh, 'build')).some((name) => name.includes('.new')));
    } finally {
      rmSync(fresh, { recursive: true, force: true });
    }
    await interrupted(cache, () => processesWith(cache).length >= 4);
  });

  /** Brings a lab up, sends Ctrl-C once `reached`, and looks at what is left. */
  async function interrupted(where: string, reached: () => boolean): Promise<void> {
    const up = execa(process.execPath, [PROGRAM, 'lab', 'up', '--guests', '1'], {
      reject: false,
      timeout: 60_000,
      stdin: 'ignore',
      env: { ...NEUTRAL, VGPUBENCH_LAB_CACHE: where },
    });
    await until('the stage was reached', reached, 50_000);
    up.kill('SIGINT');
    const { exitCode, stderr } = await up;
    assert.equal(exitCode, 130, stderr);
    assert.deepEqual(remains(where), []);
  }
});
