/** Hostile guests against the GPU and against what reads guests' messages, under sanitizers. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';

import { execa } from 'execa';
import * as z from 'zod';

import { labPaths } from '../../src/lab/paths.ts';

const folder = mkdtempSync(join(tmpdir(), 'vgpubench-test-'));
after(() => {
  rmSync(folder, { recursive: true });
});

const outcome = z.object({
  engine: z.number().positive(),
  mediator: z.number().positive(),
  pvdrm: z.number().positive(),
  forwarding: z.number().positive(),
  check: z.literal('ok'),
});

describe("the lab's native parts", () => {
  it('stand hostile guests for some seconds', { timeout: 300_000 }, async () => {
    const program = join(folder, 'fuzz');
    await execa('make', ['-C', labPaths().sources, `OUT=${folder}`, program], { timeout: 200_000 });
    const { stdout } = await execa(program, ['6'], { timeout: 90_000 });
    const last = stdout.trim().split('\n').at(-1) ?? '';
    assert.doesNotThrow(() => outcome.parse(JSON.parse(last)), last);
  });
});
