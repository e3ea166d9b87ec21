/** Two labs side by side, of one snapshot: each has the time of day, and randomness that the other has not. */
import assert from 'node:assert/strict';
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { execa } from 'execa';
import * as z from 'zod';
import { NEUTRAL, PROGRAM } from '../../support/cli.ts';
import { LAB_CACHE as cache, remains } from '../../support/lab.ts';
import { labPaths } from '../../../src/lab/paths.ts';

const LABS = ['first', 'second'];
const MACHINES = ['bare', 'dom0', 'g1'];

const status = z.object({
  name: z.string(),
  state: z.string(),
  snapshot: z.string().nullable(),
  clocks: z.record(z.string(), z.object({ source: z.string(), readingNs: z.number() })),
});
const snapshots = z.array(z.object({ key: z.string(), current: z.boolean() }));

describe('labs from a snapshot', { timeout: 10 * 60_000 }, () => {
  const lab = (name: string, ...args: string[]) =>
    execa(process.execPath, [...PROGRAM, 'lab', ...args], {
      reject: false,
      timeout: 5 * 60_000,
      stdin: 'ignore',
      env: { ...NEUTRAL, VGPUBENCH_LAB_CACHE: cache, VGPUBENCH_LAB: name },
    });
  const statusOf = async (name: string) =>
    status.parse(JSON.parse((await lab(name, 'status', '--json')).stdout));
  async function inside(name: string, machine: string, command: string): Promise<string> {
    const { stdout, stderr, exitCode } = await lab(name, 'ssh', machine, command);
    assert.equal(exitCode, 0, stderr);
    return stdout;
  }

  before(async () => {
    // Saves one, where there is none yet.
    const { exitCode, stderr } = await lab('first', 'up', '--guests', '1');
    assert.equal(exitCode, 0, stderr);
    await lab('first', 'down');
  });
  after(async () => {
    for (const name of LABS) await lab(name, 'down');
  });

  it('are up side by side, and say what they went on from', async () => {
    for (const { exitCode, stderr } of await Promise.all(
      LABS.map((name) => lab(name, 'up', '--guests', '1')),
    ))
      assert.equal(exitCode, 0, stderr);
    const found = await Promise.all(LABS.map(statusOf));
    assert.deepEqual(
      found.map(({ name, state }) => [name, state]),
      LABS.map((name) => [name, 'up']),
    );
    assert.ok(found[0]?.snapshot !== null && found[0]?.snapshot === found[1]?.snapshot);
    for (const { clocks } of found)
      for (const machine of MACHINES) assert.equal(clocks[`lab-${machine}`]?.source, 'tsc', machine);
    const all = z.array(status).parse(JSON.parse((await lab('first', 'status', '--all', '--json')).stdout));
    assert.deepEqual(
      all.filter(({ state }) => state === 'up').map(({ name }) => name),
      LABS,
    );
  });

  it('have the time of day, and randomness of their own, also in a guest that has slept', async () => {
    const seen: string[] = [];
    for (const name of LABS)
      for (const machine of MACHINES) {
        const said = await inside(name, machine, 'date +%s; od -An -N16 -tx1 /dev/urandom');
        const [seconds = '', random = ''] = said.split('\n');
        const off = Number(seconds) - Date.now() / 1000;
        assert.ok(Math.abs(off) < 10, `${name} ${machine} is ${off} s off`);
        seen.push(random);
      }
    assert.equal(new Set(seen).size, LABS.length * MACHINES.length, seen.join('\n'));
  });

  it('compute what is right, natively and across a boundary', async () => {
    for (const name of LABS) {
      await inside(name, 'dom0', 'vgpu-mode mediated g1');
      const sums = [];
      for (const [machine, prepare] of [
        ['bare', ''],
        ['g1', 'vgpu-mode mediated && '],
      ] as const) {
        const result: unknown = JSON.parse(await inside(name, machine, `${prepare}mmul 16`));
        const { checksum } = z.object({ check: z.literal('ok'), checksum: z.string() }).parse(result);
        sums.push(checksum);
      }
      assert.equal(sums[0], sums[1]);
    }
  });

  it('leave nothing, each by itself', async () => {
    assert.equal((await lab('second', 'down')).exitCode, 0);
    assert.equal((await statusOf('first')).state, 'up', 'the other one stays');
    assert.equal((await lab('first', 'down')).exitCode, 0);
    for (const name of LABS) assert.deepEqual(remains(labPaths(cache, name)), []);
  });

  it('have a snapshot that is listed, and removed when asked', async () => {
    const listed = async () =>
      snapshots.parse(JSON.parse((await lab('first', 'snapshots', '--json')).stdout));
    const current = (await listed()).filter((one) => one.current);
    assert.equal(current.length, 1);
    const key = current[0]?.key ?? '';
    assert.match((await lab('first', 'snapshots')).stdout, new RegExp(`${key} .*lab up --guests 1`));
    const unknown = await lab('first', 'snapshots', '--remove', 'none');
    assert.deepEqual([unknown.exitCode, /no such snapshot/.test(unknown.stderr)], [4, true]);
    // Of the one that the tests share, a copy.
    const { snapshots: folder } = labPaths(cache);
    const copy = 'c0'.repeat(8);
    cpSync(join(folder, key), join(folder, copy), { recursive: true });
    assert.ok((await listed()).some((one) => one.key === copy && !one.current));
    assert.equal((await lab('first', 'snapshots', '--remove', copy)).exitCode, 0);
    const left = (await listed()).map((one) => one.key);
    assert.deepEqual([left.includes(key), left.includes(copy)], [true, false]);
  });

  it('can’t have a name that is no folder’s', async () => {
    const { exitCode, stderr } = await lab('first', 'up', '--name', '../elsewhere');
    assert.equal(exitCode, 4);
    assert.match(stderr, /VGB-LAB-NAME/);
  });
});
