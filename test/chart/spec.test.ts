import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { figure, percentage } from '../../src/chart/spec.ts';

describe('figures', () => {
  it('have three significant digits, thousands set apart, and exponents only far out', () => {
    assert.deepEqual(
      [0, 1.2345, 12.345, 123.45, 1234.5, 1234567, 12345678, 0.00123, 0.000123, -5.678].map(figure),
      ['0', '1.23', '12.3', '123', '1,235', '1,234,567', '1.23e+7', '0.00123', '1.23e-4', '-5.68'],
    );
    assert.equal(percentage(0.97314), '97.3%');
    assert.deepEqual(
      [1, 0.42, 0.1, 0.0312].map((percent) => percentage(percent / 100)),
      ['1.0%', '0.42%', '0.10%', '0.031%'],
    );
    assert.equal(percentage(0), '0.0%');
    assert.deepEqual([1e-300, 1e8, 1e200].map(percentage), ['1.0e-298%', '1.0e+10%', '1.0e+202%']);
  });
});
