import assert from 'node:assert/strict';
import { Problem } from '../../src/problem.ts';

/** The Problem that `action` throws; anything else fails the test. */
export function problemOf(action: () => unknown): Problem {
  try {
    action();
  } catch (error) {
    assert.ok(error instanceof Problem, `expected a Problem, found ${String(error)}`);
    return error;
  }
  assert.fail('expected a Problem, but nothing was thrown');
}
