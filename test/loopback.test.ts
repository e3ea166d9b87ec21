import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { execa } from 'execa';
import type { Results } from '../src/compare/results.ts';

const root = join(import.meta.dirname, '..');

describe('bench/experiments/loopback.yaml', () => {
  it('names the slowed mode slower and the A/A arm not, on two real sshd targets with real OpenCL', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'vgb-test-'));
    const out = join(folder, 'run');
    // What `npm run loopback` runs, into a folder of the test's own.
    const { loopback } = (
      JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: { loopback: string } }
    ).scripts;
    const { stderr, exitCode } = await execa('sh', ['-c', `${loopback} --out ${out}`], {
      cwd: root,
      reject: false,
    });
    assert.equal(exitCode, 0, stderr);
    const results = JSON.parse(readFileSync(join(out, 'results.json'), 'utf8')) as Results;
    rmSync(folder, { recursive: true });

    const verdicts = (mode: string) => results.comparisons.filter((one) => one.mode === mode);
    assert.ok(
      verdicts('throttled').some(({ verdict }) => verdict === 'slower'),
      JSON.stringify(verdicts('throttled')),
    );
    assert.notEqual(verdicts('native-again').length, 0);
    assert.equal(results.falsePositives?.comparisons, verdicts('native-again').length, 'it is known as A/A');
    assert.deepEqual(
      verdicts('native-again').filter(({ verdict }) => verdict === 'slower'),
      [],
    );
    assert.ok(results.comparisons.every(({ attested }) => attested));
    const metrics = new Set(results.comparisons.map(({ metric }) => metric));
    assert.ok(metrics.has('kernel-latency') && metrics.has('global-bandwidth.float'), [...metrics].join());
  });
});
