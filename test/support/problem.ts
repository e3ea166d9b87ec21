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

/** The Problem that `work` is rejected with; anything else fails the test. */
export async function rejection(work: Promise<unknown>): Promise<Problem> {
  try {
    await work;
  } catch (error) {
    assert.ok(error instanceof Problem, `expected a Problem, found ${String(error)}`);
    return error;
  }
  assert.fail('expected a Problem, but it went well');
}
