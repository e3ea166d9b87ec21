/** However the quickstart ends, the lab is down again: signals, one and two. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { until } from '../support/processes.ts';
import { STAGES_HELD, testQuickstart } from '../support/quickstart.ts';

/** Presses closer to each other than 300 ms are taken for one. */
const APART_MS = 400;

describe('the quickstart', () => {
  const { begin, interrupted } = testQuickstart();

  it('ends with the lab down by itself', async () => {
    const { child, noted } = begin('none');
    assert.equal((await child).exitCode, 0);
    assert.deepEqual(noted(), ['up', 'run', 'write', 'down', 'is down']);
  });

  it('ends with the lab down after Ctrl-C, whatever it is at', async () => {
    await Promise.all(STAGES_HELD.map((stage) => interrupted(stage, 'SIGINT')));
  });

  it('ends with the lab down after SIGTERM and SIGHUP', async () => {
    await Promise.all((['SIGTERM', 'SIGHUP'] as const).map((signal) => interrupted('run', signal)));
  });

  it('takes the lab down at once on a second Ctrl-C, and only then leaves', async () => {
    const { child, noted, reached } = begin('run', 'stubborn');
    await reached('run');
    let told = '';
    child.stderr.on('data', (chunk: Buffer) => (told += chunk.toString()));
    child.kill('SIGINT');
    await until('the first is heard', () => told.includes('interrupted: '));
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
    // Two of one kind would merge into one where it is slow to take the first.
    child.kill('SIGINT');
    child.kill('SIGTERM');
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
