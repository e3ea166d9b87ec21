import { describe, it } from 'node:test';
import { testFolder } from '../support/directory.ts';
import { make } from '../support/make.ts';
import { assertAllKinds, checkTraces } from './traces.ts';

const folder = testFolder();

describe('programs of pvdrm that make, map, touch and free objects by chance', () => {
  it('have exchanged what the original’s rules say, 300 times', { timeout: 300_000 }, async () => {
    const [program = ''] = await make(folder, 'trace');
    assertAllKinds(await checkTraces(program, 1, 300));
  });
});
