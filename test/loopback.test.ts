/** What `npm run loopback` runs, cut short; what it finds of the whole is tested where tests take long. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import type { Results } from '../src/compare/results.ts';
import { testFolder } from './support/directory.ts';
import { loopback, shortLoopback } from './support/loopback.ts';

describe('bench/experiments/loopback.yaml', () => {
  it('goes all the way, on two real sshd targets with real OpenCL', async () => {
    const folder = testFolder();
    const out = join(folder, 'run');
    const { stderr, exitCode } = await loopback(out, shortLoopback(folder));
    assert.equal(exitCode, 0, stderr);
    const results = JSON.parse(readFileSync(join(out, 'results.json'), 'utf8')) as Results;
    assert.equal(results.trials.completed, 6);
    const compared = results.comparisons.map(({ mode, metric }) => `${mode} ${metric}`);
    assert.deepEqual(compared.sort(), ['native-again kernel-latency', 'throttled kernel-latency']);
    assert.ok(results.comparisons.every(({ attested, ratio }) => attested && (ratio ?? 0) > 0));
    assert.equal(results.falsePositives?.comparisons, 1, 'native-again is known as A/A');
  });
});
