/** However the quickstart ends, the lab is down again: each signal at every stage of it. */
import { describe, it } from 'node:test';
import { STAGES_HELD, testQuickstart } from '../support/quickstart.ts';

describe('the quickstart', () => {
  const { interrupted } = testQuickstart();

  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    for (const stage of STAGES_HELD)
      it(`ends with the lab down after ${signal} at ${stage}`, () => interrupted(stage, signal));
});
