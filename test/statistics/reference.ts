/** The figures of an independent implementation; reference/generate.py made them. */
import assert from 'node:assert/strict';
import reference from './reference/reference.json' with { type: 'json' };

export { reference };

/** Agreement to `tolerance`, relative for figures over 1 and absolute below. */
export function close(actual: number | null, expected: number | null, what = '', tolerance = 1e-9): void {
  if (actual === null || expected === null) {
    assert.equal(actual, expected, what);
    return;
  }
  const error = Math.abs(actual - expected) / Math.max(1, Math.abs(expected));
  assert.ok(error <= tolerance, `${what}: found ${actual}, expected ${expected}, off by ${error}`);
}

/** Agreement of every digit that counts: for tails, whose smallness is their message. */
export function closeRelative(actual: number, expected: number, what = '', tolerance = 1e-9): void {
  const error = actual === expected ? 0 : Math.abs(actual - expected) / Math.abs(expected);
  assert.ok(error <= tolerance, `${what}: found ${actual}, expected ${expected}, off by ${error}`);
}
