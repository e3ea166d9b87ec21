import assert from 'node:assert/strict';

interface Ended {
  exitCode?: number | undefined;
  stderr: string;
  timedOut: boolean;
}

/** It ended with 2 and a whole Problem, not with a stack trace. */
export function assertTold({ exitCode, stderr, timedOut }: Ended, said: RegExp, what: string): void {
  assert.ok(!timedOut, `${what} hangs`);
  assert.equal(exitCode, 2, `${what}: ${stderr}`);
  assert.match(stderr, said, what);
  assert.match(stderr, /expected: [\s\S]*found: [\s\S]*next: /, what);
  assert.doesNotMatch(stderr, /\n +at |VGB-UNFORESEEN/, what);
}
