import assert from 'node:assert/strict';
import { it } from 'node:test';
import { seeded } from '../../src/statistics/prng.ts';
import { ratio } from '../../src/statistics/ratio.ts';
import { draws } from './draws.ts';

it('a ratio of 1,000,000 samples with 10,000 resamples takes under 10 s and 1 GB', () => {
  const random = seeded('scale');
  const trial = () => draws(50_000, () => 1 + random.next());
  const pairs = Array.from({ length: 10 }, () => ({ mode: trial(), baseline: trial() }));
  const start = performance.now();
  const { low, high } = ratio(pairs, { seed: 1 });
  const elapsedMs = performance.now() - start;
  assert.ok(elapsedMs < 10_000, `took ${elapsedMs} ms`);
  assert.ok(process.resourceUsage().maxRSS * 1024 < 1e9, `held ${process.resourceUsage().maxRSS} KiB`);
  assert.ok(low! < 1 && high! > 1 && high! - low! < 0.02, `interval ${low} to ${high}`);
});
