/** A lab that is interrupted, or killed, while it comes up, leaves nothing. */
import assert from 'node:assert/strict';
import { cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, it } from 'node:test';
import { execa } from 'execa';
import { NEUTRAL, PROGRAM } from '../../support/cli.ts';
import { testFolder } from '../../support/directory.ts';
import { LAB_CACHE as cache, namesIn, remains } from '../../support/lab.ts';
import { processesWith, until } from '../../support/processes.ts';

/** For what comes before a stage, where nothing of it is cached. */
const LIMIT_MS = 120_000;

describe('a lab that comes up', { timeout: 10 * 60_000 }, () => {
  const folder = testFolder();
  before(async () => {
    if (existsSync(join(cache, 'unpacked'))) return;
    for (const word of ['up', 'down']) assert.equal((await lab(cache, folder, 8 * 60_000, word)).exitCode, 0);
  });

  it('interrupted while packages are fetched, programs built or boxes booted, leaves nothing', async () => {
    const fresh = `${cache}-interrupted`;
    rmSync(fresh, { recursive: true, force: true });
    try {
      await interrupted(fresh, () => existsSync(join(fresh, 'packages')));
      cpSync(join(cache, 'unpacked'), join(fresh, 'unpacked'), { recursive: true, verbatimSymlinks: true });
      await interrupted(fresh, () => namesIn(join(fresh, 'build')).some((name) => name.includes('.new')));
    } finally {
      rmSync(fresh, { recursive: true, force: true });
    }
    await interrupted(cache, booting);
  });

  it('killed while boxes are booted, leaves nothing either', async () => {
    const up = bringUp(cache, folder);
    await until('boxes are booted', booting, LIMIT_MS);
    up.kill('SIGKILL');
    await up;
    await until('its guard has taken it down', () => remains(cache).length === 0);
  });

  /** The guard, and two machines: what fetches and builds has no business in the run folder. */
  const booting = (): boolean => processesWith(join(cache, 'run')).length >= 3;

  /** Brings a lab up, sends Ctrl-C once `reached`, and looks at what is left. */
  async function interrupted(where: string, reached: () => boolean): Promise<void> {
    const temporary = mkdtempSync(join(folder, 't'));
    const up = bringUp(where, temporary);
    await until('the stage was reached', reached, LIMIT_MS);
    up.kill('SIGINT');
    const { exitCode, stderr } = await up;
    assert.equal(exitCode, 130, stderr);
    assert.deepEqual(remains(where), []);
    // What tsx compiled is no part of a lab.
    assert.deepEqual(
      namesIn(temporary).filter((name) => !name.startsWith('tsx-')),
      [],
    );
  }

  const bringUp = (where: string, temporary: string) =>
    lab(where, temporary, 2 * LIMIT_MS, 'up', '--guests', '1');

  function lab(where: string, temporary: string, timeout: number, ...words: string[]) {
    return execa(process.execPath, [...PROGRAM, 'lab', ...words], {
      reject: false,
      timeout,
      stdin: 'ignore',
      env: { ...NEUTRAL, VGPUBENCH_LAB_CACHE: where, TMPDIR: temporary },
    });
  }
});
