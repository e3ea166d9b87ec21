import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { makeWhole } from '../../../src/lab/make/whole.ts';
import { testFolder } from '../../support/directory.ts';

const cache = testFolder();

/** Linux gives out no pid above 2^22. */
const noPid = 2 ** 22 + 1;

function fill(text: string) {
  return (fresh: string): Promise<void> => {
    writeFileSync(join(fresh, 'file'), text);
    return Promise.resolve();
  };
}

describe('makeWhole', () => {
  it('leaves the folder whole, and nothing beside it', async () => {
    await makeWhole(join(cache, 'made'), fill('one'));
    await makeWhole(join(cache, 'made'), fill('two'));
    assert.deepEqual(readdirSync(cache), ['made']);
  });

  it('leaves nothing when making fails', async () => {
    const failing = makeWhole(join(cache, 'failed'), async (fresh) => {
      await fill('half')(fresh);
      throw new Error('killed');
    });
    await assert.rejects(failing, /killed/);
    assert.deepEqual(readdirSync(cache), ['made']);
  });

  it('removes what killed processes left, and not what a living one is making', async () => {
    const [left, older, living] = [`a.new-${noPid}`, 'b.new', `c.new-${process.ppid}`];
    for (const name of [left, older, living]) mkdirSync(join(cache, name));
    await makeWhole(join(cache, 'made'), fill('three'));
    assert.deepEqual(
      [left, older, living].map((name) => existsSync(join(cache, name))),
      [false, false, true],
    );
  });
});
