import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { layoutOf } from '../../../src/lab/boot/layout.ts';
import { problemOf } from '../../support/problem.ts';

describe('layoutOf', () => {
  it('names machines by their aliases', () => {
    assert.deepEqual(layoutOf(2, true).aliases, ['lab-bare', 'lab-dom0', 'lab-g1', 'lab-g2']);
    assert.deepEqual(layoutOf(0, true).aliases, ['lab-bare']);
  });

  it('refuses more guests than there are slices for', () => {
    const { expected, found, next } = problemOf(() => layoutOf(8, true));
    assert.deepEqual([expected, found], ['0 to 7 guests', '8']);
    assert.match(next ?? '', /--guests 7/);
  });
});
