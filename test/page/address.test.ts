import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { addressOf, cellAt, isSameCell } from '../../src/page/address.ts';

describe('the address of a cell', () => {
  it('has its mode, workload and metric, each encoded', () => {
    assert.equal(
      addressOf({ mode: 'pvdrm', workload: 'copy/16MiB', metric: 'host to device' }),
      '#cell=pvdrm/copy%2F16MiB/host%20to%20device',
    );
  });

  it('leads back to that cell, whatever it is called', () => {
    const name = fc.string({ unit: 'grapheme' });
    fc.assert(
      fc.property(name, name, name, (mode, workload, metric) => {
        const cell = { mode, workload, metric };
        assert.deepEqual(cellAt(addressOf(cell)), cell);
        assert.ok(isSameCell(cell, { ...cell }));
        assert.ok(!isSameCell(cell, { ...cell, metric: `${metric}x` }));
      }),
    );
  });

  it('is none where it is of a section, cut off, or of too many parts', () => {
    for (const hash of [
      '',
      '#matrix',
      '#cell=',
      '#cell=a/b',
      '#cell=a/b/c/d',
      '#cell=a/b/%e4%b8',
      'cell=a/b/c',
    ])
      assert.equal(cellAt(hash), undefined, hash);
  });
});
