import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { it } from 'node:test';

/** A process of its own, since files of tests share theirs: its peak is then that of the ratio. */
const PROGRAM = `
import { seeded } from './src/statistics/prng.ts';
import { ratio } from './src/statistics/ratio.ts';
import { draws } from './test/statistics/draws.ts';
const random = seeded('scale');
const trial = () => draws(50_000, () => 1 + random.next());
const pairs = Array.from({ length: 10 }, () => ({ mode: trial(), baseline: trial() }));
const start = performance.now();
const { low, high } = ratio(pairs, { seed: 1 });
const elapsedMs = performance.now() - start;
console.log(JSON.stringify({ low, high, elapsedMs, peakKiB: process.resourceUsage().maxRSS }));
`;

it('a ratio of 1,000,000 samples with 10,000 resamples takes under 10 s and 1 GB', () => {
  const found = execFileSync(
    process.execPath,
    ['--import', 'tsx', '--input-type=module', '--eval', PROGRAM],
    { cwd: join(import.meta.dirname, '../..'), encoding: 'utf8' },
  );
  const { low, high, elapsedMs, peakKiB } = JSON.parse(found) as Record<string, number>;
  assert.ok(elapsedMs! < 10_000, `took ${elapsedMs} ms`);
  assert.ok(peakKiB! * 1024 < 1e9, `held ${peakKiB} KiB`);
  assert.ok(low! < 1 && high! > 1 && high! - low! < 0.02, `interval ${low} to ${high}`);
});
