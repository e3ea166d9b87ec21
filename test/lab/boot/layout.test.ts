import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { layoutOf } from '../../../src/lab/boot/layout.ts';
import { problemOf } from '../../support/problem.ts';

describe('layoutOf', () => {
  it('names machines by their aliases', () => {
    assert.deepEqual(layoutOf(2, true).aliases, ['lab-bare', 'lab-dom0', 'lab-g1', 'lab-g2']);
    assert.deepEqual(layoutOf(0, true).aliases, ['lab-bare']);
  });

  it('gives each guest a CPU of its own, as far as there are cores beside dom0’s', () => {
    const given = [
      [7, 16],
      [2, 4],
      [5, 4],
      [3, 2],
      [1, 1],
      [0, 8],
    ].map(([guests = 0, cores = 0]) => layoutOf(guests, true, cores).guestCpus);
    assert.deepEqual(given, [7, 2, 3, 1, 1, 1]);
  });

  it('refuses more guests than there are slices for', () => {
    const { expected, found, next } = problemOf(() => layoutOf(8, true));
    assert.deepEqual([expected, found], ['0 to 7 guests', '8']);
    assert.match(next ?? '', /--guests 7/);
  });
});
