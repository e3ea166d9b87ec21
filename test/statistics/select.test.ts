import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { sortedQuantile } from '../../src/statistics/quantile.ts';
import { selectQuantile } from '../../src/statistics/select.ts';

describe('quantiles by selection', () => {
  it('are those of the sorted values, to the last bit, whatever was asked for before', () => {
    const value = fc.oneof(
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.integer({ min: 0, max: 3 }),
    );
    const share = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(fc.array(value, { minLength: 1 }), fc.array(share, { maxLength: 4 }), (values, shares) => {
        const own = Float64Array.from(values, (one) => one + 0);
        const sorted = own.toSorted();
        for (const p of [...shares, 0, 1]) assert.equal(selectQuantile(own, p), sortedQuantile(sorted, p));
        assert.deepEqual(own.toSorted(), sorted);
      }),
    );
  });

  it('refuse what is none', () => {
    assert.throws(() => selectQuantile(new Float64Array(), 0.5), RangeError);
    assert.throws(() => selectQuantile(Float64Array.of(1), 1.5), RangeError);
  });
});
