/** However the quickstart ends, the lab is down again: signals at every stage of it, one and two. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import { until } from '../support/processes.ts';

const STAGES = join(import.meta.dirname, '../support/quickstart-stages.ts');
/** Presses closer to each other than 300 ms are taken for one. */
const APART_MS = 400;

describe('the quickstart', () => {
  const folder = mkdtempSync(join(tmpdir(), 'vgb-test-'));
  after(() => {
    rmSync(folder, { recursive: true });
  });
  let count = 0;

  function begin(held: string, kind = 'plain') {
    const log = join(folder, `log-${++count}`);
    const child = execa(process.execPath, ['--import', 'tsx', STAGES, log, held, kind], {
      reject: false,
      timeout: 30_000,
      stdin: 'ignore',
    });
    const noted = () => (existsSync(log) ? readFileSync(log, 'utf8').trim().split('\n') : []);
    const reached = (stage: string) => until(stage, () => noted().includes(stage));
    const send = (signal: NodeJS.Signals) => {
      child.kill(signal);
      writeFileSync(`${log}.sent`, '');
    };
    return { child, noted, reached, send };
  }

  it('ends with the lab down by itself', async () => {
    const { child, noted } = begin('none');
    assert.equal((await child).exitCode, 0);
    assert.deepEqual(noted(), ['up', 'run', 'write', 'down', 'is down']);
  });

  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    it(`ends with the lab down after ${signal}, whatever it is at`, async () => {
      const stages = [
        ['up', 130, 'taken down on the way'],
        ['run', 130, 'is down'],
        ['write', 0, 'is down'],
        ['down', 0, 'is down'],
      ] as const;
      const ends = stages.map(async ([stage, code, last]) => {
        const { child, noted, reached, send } = begin(stage);
        await reached(stage);
        send(signal);
        const { exitCode, stderr } = await child;
        assert.equal(exitCode, code, `${stage}: ${stderr}`);
        assert.equal(noted().at(-1), last, stage);
        assert.match(stderr, /interrupted: /, stage);
      });
      await Promise.all(ends);
    });

  it('takes the lab down at once on a second Ctrl-C, and only then leaves', async () => {
    const { child, noted, reached } = begin('run', 'stubborn');
    await reached('run');
    child.kill('SIGINT');
    await once(child.stderr, 'data');
    await sleep(APART_MS);
    child.kill('SIGINT');
    await sleep(APART_MS);
    child.kill('SIGINT');
    assert.equal((await child).exitCode, 130);
    assert.deepEqual(noted(), ['up', 'run', 'down', 'is down']);
  });

  it('takes a Ctrl-C that npm hands on once more for one', async () => {
    const { child, noted, reached } = begin('run');
    await reached('run');
    child.kill('SIGINT');
    await sleep(50);
    child.kill('SIGINT');
    assert.equal((await child).exitCode, 130);
    assert.deepEqual(noted(), ['up', 'run', 'put back', 'write', 'down', 'is down']);
  });

  it('takes the lab down also where nobody reads its output any more', async () => {
    const { child, noted, reached } = begin('run');
    await reached('run');
    child.stdout.destroy();
    child.stderr.destroy();
    child.kill('SIGHUP');
    assert.equal((await child).exitCode, 130);
    assert.equal(noted().at(-1), 'is down');
  });

  it('leaves a lab up that was up before, whether it is interrupted or not', async () => {
    const whole = begin('none', 'theirs');
    assert.equal((await whole.child).exitCode, 0);
    assert.deepEqual(whole.noted(), ['run', 'write']);
    const { child, noted, reached } = begin('run', 'theirs');
    await reached('run');
    child.kill('SIGINT');
    assert.equal((await child).exitCode, 130);
    assert.deepEqual(noted(), ['run', 'put back', 'write']);
  });
});
