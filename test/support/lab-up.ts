/** A lab for one suite, up while its tests run. */
import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import { labDown } from '../../src/lab/life/down.ts';
import { type LabOptions, labUp } from '../../src/lab/life/up.ts';
import { type LabPaths, chooseLab, labPaths } from '../../src/lab/paths.ts';
import { LAB_CACHE, remains } from './lab.ts';

/**
 * Starts a lab of that name before the tests of the suite that calls this, and stops it after them, leaving
 * nothing.
 */
export function withLab(name: string, guests: number, more: Pick<LabOptions, 'pci'> = {}): LabPaths {
  const paths = labPaths(LAB_CACHE, name);
  const down = () => labDown(() => undefined, paths);
  before(async () => {
    process.env['VGPUBENCH_LAB_CACHE'] = LAB_CACHE;
    chooseLab(name);
    await down();
    await labUp(() => undefined, { paths, guests, ...more });
  });
  after(async () => {
    await down();
    assert.deepEqual(remains(paths), []);
  });
  return paths;
}
