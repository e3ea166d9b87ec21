/** The lab end to end, in one boot: an experiment in two modes, what each box says of itself, nothing left behind. */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { execa } from 'execa';
import * as z from 'zod';
import type { Results } from '../../src/compare/results.ts';
import { difference } from '../../src/mode/counters.ts';
import { NEUTRAL, PROGRAM } from '../support/cli.ts';
import { LAB_CACHE as cache, remains } from '../support/lab.ts';

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

const counts = z.record(z.string(), z.number());
type Counts = z.infer<typeof counts>;
const line = z.object({
  check: z.literal('ok'),
  checksum: z.string(),
  crossings: counts,
});

/** Objects that a program has once it is open: a page of fences, and two bounce buffers. */
const OPENED = 3;

/** What a program of pvdrm crosses for being open and closed again, with so many objects of its own that are mapped. */
function openedOf(objects: number): Counts {
  const mapped = OPENED + objects;
  const [opens, closes] = [
    { fileOpen: 1, getparam: 1, channelAlloc: 1 },
    { fileClose: 1, channelFree: 1 },
  ];
  return { ...opens, ...closes, gemNew: mapped, mmap: mapped, cpuPrep: mapped, gemClose: mapped };
}

/**
 * Of 16 KiB there and back: there page by page through the mapped object, back by a launch of the copy engine, of three
 * pushbufs, and the bounce buffer's first touch. Of 64 KiB: both ways by the same bounce buffer.
 */
const LARGER_COPIES = [
  { ...openedOf(1), fault: 1 + 4 + 1, pushbuf: 3 },
  { ...openedOf(1), fault: 1 + 1, pushbuf: 6 },
];

/** What Xen itself says. */
const xenAccount = z.object({
  domains: z.array(z.object({ name: z.literal('g1'), ioMemoryPages: z.number() })),
});

describe('the lab', { timeout: 15 * 60_000 }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'vgb-test-'));
  const lab = (...args: string[]) => within(8 * 60_000, 'lab', ...args);
  const plain = (...args: string[]) => within(60_000, ...args);
  const within = (timeout: number, ...args: string[]) =>
    execa(process.execPath, [...PROGRAM, ...args], {
      reject: false,
      timeout,
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
    assert.equal(
      fromGlobal,
      5 + OPENED,
      'objects, bounce buffers and the page of fences come from the cache',
    );
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

  /** What each of several programs crossed, one after the other in one guest. */
  async function crossed(name: string, ...programs: string[]): Promise<Counts[]> {
    const { stdout, stderr } = await lab('ssh', name, programs.join('; '));
    const lines = stdout.split('\n').map((text) => line.parse(JSON.parse(text)));
    assert.equal(lines.length, programs.length, stderr);
    for (const [index, program] of programs.entries())
      assert.equal(lines[index]?.checksum, (checksums[program] ??= lines[index]?.checksum ?? ''), program);
    return lines.map(({ crossings }) => crossings);
  }

  /** By program, as its first run had it: natively, for most. */
  const checksums: Record<string, string> = {};
  /** A launch, nine more, bytes to the GPU and back, and a kernel that computes. */
  const PROGRAMS = ['nop 1', 'nop 10', 'cpy 1', 'mmul 8'];

  it('crosses nothing natively', async () => {
    assert.deepEqual(await crossed('bare', ...PROGRAMS), [{}, {}, {}, {}]);
  });

  /**
   * A boundary: what nine more launches cross, what a KiB to the GPU and back must and must not, and how many pages of
   * the GPU the guest may map by Xen's own account, which takes seconds to print and is asked where it differs.
   */
  const BOUNDARIES: [
    mode: string,
    launches: Counts | ((nine: Counts, ten: Counts) => void),
    copy: (counts: Counts) => void,
    pages?: number,
  ][] = [
    [
      'passthrough',
      {},
      (counts) => {
        assert.deepEqual(counts, {});
      },
      32_769, // the window, and the doorbell page
    ],
    [
      'mediated',
      { tailWrite: 9 },
      (counts) => {
        assert.deepEqual(Object.keys(counts), ['registerRead', 'registerWrite', 'gttWrite']);
        assert.equal(
          counts['gttWrite'],
          2,
          'the page of fences and the object: no copy has used a bounce buffer',
        );
      },
      4096, // its slice
    ],
    [
      'emulation',
      ({ vramRead: more = 0, ...written }, { vramRead = 0 }) => {
        assert.deepEqual(written, { tailWrite: 9, vramWrite: 54 });
        // A fence has three words, and the first is read until the GPU has written it: mostly once, which load stretches.
        assert.ok(
          vramRead >= 3 * 10 && more <= 10 * 9,
          `${vramRead} reads for ten launches, ${more} of nine`,
        );
      },
      ({ vramRead = 0, vramWrite = 0 }) => {
        assert.ok(vramRead >= 128 && vramWrite >= 128, 'each eight bytes of the data, both ways');
      },
      0,
    ],
    [
      'pvdrm',
      { pushbuf: 3 * 9 },
      (counts) => {
        assert.deepEqual(
          counts,
          { ...openedOf(1), fault: 2 },
          'the page of fences, and the object’s first page',
        );
      },
    ],
    [
      'forwarding',
      { callLaunch: 9, callWait: 9 },
      (counts) => {
        const once = { callOpen: 1, callClose: 1, callAlloc: 1, callFree: 1, callHtod: 1, callDtoh: 1 };
        assert.deepEqual(counts, once);
      },
    ],
  ];

  for (const [mode, launches, copy, pages] of BOUNDARIES)
    it(`crosses in ${mode} what it is made of, counted alike on both sides`, async () => {
      await inside('dom0', `vgpu-mode ${mode} g1`);
      await inside('g1', `vgpu-mode ${mode}`);
      const [one = {}, ten = {}, bytes = {}] = await crossed('g1', ...PROGRAMS);
      const nine = difference(ten, one);
      if (typeof launches === 'function') launches(nine, ten);
      else assert.deepEqual(nine, launches);
      copy(bytes);
      if (mode === 'pvdrm') assert.deepEqual(await crossed('g1', 'cpy 16', 'cpy 64'), LARGER_COPIES);
      const { guest } = z.object({ guest: counts }).parse(await inside('g1', 'vgpu-counters'));
      const { g1 } = z.object({ g1: counts }).parse(await inside('dom0', 'vgpu-counters'));
      assert.deepEqual(g1, guest);
      if (pages === undefined) return;
      const attested = xenAccount.parse(await inside('dom0', 'vgpu-attest'));
      assert.equal(attested.domains[0]?.ioMemoryPages, pages);
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
});
