/** A small storm: what 1000 points would find is looked for by `npm run storm`. */
import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { PROGRAM } from '../support/cli.ts';
import { storm } from './storm.ts';

const POINTS = 30;

describe('a storm', () => {
  for (const [what, seed] of [
    ['that was had before', 1],
    ['of its own', randomInt(2 ** 31)],
  ] as const)
    it(`${what} loses, doubles and leaves nothing`, async (context) => {
      const { points, noDisk, violations, slowest } = await storm({
        ...{ points: POINTS, seed, program: PROGRAM },
        kept: join(import.meta.dirname, '../../.cache/storm'),
        tell: () => undefined,
      });
      context.diagnostic(`seed ${seed}: ${JSON.stringify({ points, noDisk, slowest })}`);
      assert.deepEqual(violations, []);
      assert.equal(noDisk, undefined, 'a disk of its own needs root');
      assert.equal(points.harness + points.link + points.disk, POINTS);
    });
});
