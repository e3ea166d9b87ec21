import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { execa } from 'execa';
import type { Results } from '../../src/compare/results.ts';
import { PROGRAM } from '../support/cli.ts';
import { processesWith } from '../support/processes.ts';

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

describe('the lab', () => {
  const folder = mkdtempSync(join(tmpdir(), 'vgb-test-'));
  const lab = (...args: string[]) =>
    execa(process.execPath, [PROGRAM, 'lab', ...args], {
      reject: false,
      timeout: 600_000,
      cwd: folder,
      env: { VGPUBENCH_LAB_CACHE: cache },
    });
  after(async () => {
    await lab('down');
    rmSync(folder, { recursive: true });
  });

  it('boots, runs two modes with the crossings they are made of, and leaves nothing running', async () => {
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

    const status = JSON.parse((await lab('status', '--json')).stdout) as {
      state: string;
      processes: { pid: number }[];
    };
    assert.equal(status.state, 'up');
    assert.equal(status.processes.length, 4);
    const domains = await lab('ssh', 'dom0', 'xl list; cat /run/vgpu/mode');
    assert.match(domains.stdout, /^g1 .*--p---/m, 'the guest sleeps again');
    assert.match(domains.stderr, /No such file/, 'no boundary is left standing');

    assert.equal((await lab('down')).exitCode, 0);
    assert.deepEqual(processesWith(cache), []);
    assert.deepEqual(
      readdirSync(join(cache, 'run')).filter((name) => !name.endsWith('.log')),
      [],
    );
  });
});
