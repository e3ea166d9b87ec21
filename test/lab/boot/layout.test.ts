import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { layoutOf } from '../../../src/lab/boot/layout.ts';

describe('layoutOf', () => {
  it('names machines by their aliases', () => {
    assert.deepEqual(layoutOf(2, true).aliases, ['lab-bare', 'lab-dom0', 'lab-g1', 'lab-g2']);
    assert.deepEqual(layoutOf(0, true).aliases, ['lab-bare']);
  });

  it('refuses more guests than there are slices for', () => {
    assert.throws(() => layoutOf(8, true), /0 to 7 guests/);
  });
});
