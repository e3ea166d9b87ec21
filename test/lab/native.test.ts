/** Hostile guests against the GPU and against what reads guests' messages, under sanitizers. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { execa } from 'execa';
import * as z from 'zod';
import { make } from '../support/make.ts';
import { testFolder } from '../support/directory.ts';

const folder = testFolder();

const outcome = z.object({
  engine: z.number().positive(),
  mediator: z.number().positive(),
  pvdrm: z.number().positive(),
  forwarding: z.number().positive(),
  check: z.literal('ok'),
});

describe("the lab's native parts", () => {
  it('stand hostile guests for some seconds', { timeout: 300_000 }, async () => {
    const [program = ''] = await make(folder, 'fuzz');
    const { stdout } = await execa(program, ['6'], { timeout: 90_000 });
    const last = stdout.trim().split('\n').at(-1) ?? '';
    assert.doesNotThrow(() => outcome.parse(JSON.parse(last)), last);
  });

  it(
    'serve a box under sanitizers: a GPU that greets, runs a kernel, and ends with its box',
    {
      timeout: 300_000,
    },
    async () => {
      const [program = '', box = ''] = await make(folder, 'vgpu-sanitized', 'box');
      const socket = join(folder, 'gpu.sock');
      const gpu = execa(program, [socket], { timeout: 90_000, reject: false, all: true });
      assert.deepEqual(JSON.parse((await execa(box, [socket], { timeout: 30_000 })).stdout), { launches: 1 });
      const { exitCode, all } = await gpu;
      assert.deepEqual([exitCode, all], [0, '']);
    },
  );
});
