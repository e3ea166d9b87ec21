/** The lab end to end: boot both boxes, a workload in two modes, both attested, and nothing left behind. */
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';

import { execa } from 'execa';
import * as z from 'zod';

import { labDown } from '../../src/lab/down.ts';
import { labStatus } from '../../src/lab/status.ts';
import { type Lab, labUp } from '../../src/lab/up.ts';
import { labPaths } from '../../src/lab/paths.ts';

// Packages and builds are shared with the user's lab; what runs is apart from it.
const run = mkdtempSync(join(tmpdir(), 'vgpubench-lab-'));
const paths = { ...labPaths(), run };
const quiet = (): void => undefined;
const bootMs = 8 * 60_000;
const commandMs = 60_000;

const line = z.object({
  mode: z.string(),
  check: z.literal('ok'),
  checksum: z.string(),
  launches: z.number(),
  crossings: z.record(z.string(), z.number()),
});

let lab: Lab;

async function ssh(alias: string, command: string): Promise<string> {
  const { stdout } = await execa('ssh', ['-F', lab.sshConfig, alias, command], {
    timeout: commandMs,
    stdin: 'ignore',
  });
  return stdout;
}

async function workload(alias: string, command: string): Promise<z.infer<typeof line>> {
  return line.parse(JSON.parse(await ssh(alias, command)));
}

describe('the lab', { timeout: bootMs + 5 * 60_000 }, () => {
  before(
    async () => {
      lab = await labUp(quiet, { guests: 1, paths });
    },
    { timeout: bootMs },
  );
  after(async () => {
    await labDown(quiet, paths);
    rmSync(run, { recursive: true, force: true });
  });

  let nativeChecksum: string;

  it('runs a workload natively, with nothing to cross', async () => {
    const result = await workload('lab-bare', 'mmul 32');
    assert.equal(result.mode, 'native');
    assert.deepEqual(result.crossings, {});
    nativeChecksum = result.checksum;
  });

  it('runs it through pvdrm: the same result, three pushbufs a launch, counted alike on both sides', async () => {
    await ssh('lab-dom0', 'vgpu-mode pvdrm g1');
    await ssh('lab-g1', 'vgpu-mode pvdrm cache=0');
    const result = await workload('lab-g1', 'nop 10');
    assert.equal(result.crossings['pushbuf'], 3 * result.launches);
    assert.equal((await workload('lab-g1', 'mmul 32')).checksum, nativeChecksum);
    const inside = z
      .object({ guest: z.record(z.string(), z.number()) })
      .parse(JSON.parse(await ssh('lab-g1', 'vgpu-counters')));
    const outside = z
      .object({ g1: z.record(z.string(), z.number()) })
      .parse(JSON.parse(await ssh('lab-dom0', 'vgpu-counters')));
    assert.deepEqual(inside.guest, outside.g1);
  });

  it('is attested by Xen: what a guest may map is what its mode says', async () => {
    const evidence = z.object({
      domains: z.array(z.object({ name: z.string(), ioMemoryPages: z.number() })),
    });
    await ssh('lab-dom0', 'vgpu-mode passthrough g1');
    const [guest] = evidence.parse(JSON.parse(await ssh('lab-dom0', 'vgpu-attest'))).domains;
    assert.deepEqual(guest, { name: 'g1', ioMemoryPages: 32769 });
    await ssh('lab-g1', 'vgpu-mode passthrough');
    assert.equal((await workload('lab-g1', 'mmul 32')).checksum, nativeChecksum);
    await ssh('lab-dom0', 'vgpu-mode none');
  });

  it('leaves nothing behind', async () => {
    await labDown(quiet, paths);
    assert.deepEqual(await labStatus(paths), { state: 'down' });
    assert.deepEqual(
      readdirSync(run).filter((name) => !name.endsWith('.log')),
      [],
    );
  });
});
