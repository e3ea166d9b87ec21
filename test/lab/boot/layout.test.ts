import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { guestAddress, layoutOf } from '../../../src/lab/boot/layout.ts';
import { problemOf } from '../../support/problem.ts';

describe('layoutOf', () => {
  it('names machines by their aliases', () => {
    assert.deepEqual(layoutOf({ guests: 2, bare: true, pci: false }).aliases, [
      'lab-bare',
      'lab-dom0',
      'lab-g1',
      'lab-g2',
    ]);
    assert.deepEqual(layoutOf({ guests: 0, bare: true, pci: false }).aliases, ['lab-bare']);
  });

  it('has p1 beside them, with an address and a port of its own, where the GPU can be passed through', () => {
    const { guests, aliases } = layoutOf({ guests: 7, bare: false, pci: true });
    assert.deepEqual([guests.at(-1), aliases.at(-1), guests.length], ['p1', 'lab-p1', 8]);
    assert.equal(new Set(guests.map(guestAddress)).size, 8);
    assert.deepEqual(layoutOf({ guests: 0, bare: false, pci: true }).aliases, ['lab-dom0', 'lab-p1']);
  });

  it('gives each guest a CPU of its own, as far as there are cores beside dom0’s', () => {
    const given = [
      [7, 16],
      [2, 4],
      [5, 4],
      [3, 2],
      [1, 1],
      [0, 8],
    ].map(([guests = 0, cores = 0]) => layoutOf({ guests, bare: true, pci: false, cores }).guestCpus);
    assert.deepEqual(given, [7, 2, 3, 1, 1, 1]);
  });

  it('refuses more guests than there are slices for', () => {
    const { expected, found, next } = problemOf(() => layoutOf({ guests: 8, bare: true, pci: false }));
    assert.deepEqual([expected, found], ['0 to 7 guests', '8']);
    assert.match(next ?? '', /--guests 7/);
  });
});
