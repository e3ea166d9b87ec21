import { describe, it } from 'node:test';
import { testFolder } from '../support/directory.ts';
import { make } from '../support/make.ts';
import { assertAllKinds, checkTraces } from './traces.ts';

const folder = testFolder();

describe('programs of pvdrm that make, map, touch and free objects by chance', () => {
  it('have exchanged what the original’s rules say, 10,000 times', { timeout: 600_000 }, async () => {
    const [program = ''] = await make(folder, 'trace');
    for (let first = 1; first <= 10_000; first += 1000)
      assertAllKinds(await checkTraces(program, first, 1000));
  });
});
