/** Hangs on a described Xen host, by real SSH: what they are answered by, and when it is enough. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, it } from 'node:test';
import { readRun } from '../../src/record/read-run.ts';
import { resumeRun } from '../../src/run/resume.ts';
import { measured, reasons } from '../support/described/measured.ts';
import { Pvdrm } from '../support/described/pvdrm.ts';
import { describedXen } from '../support/described/suite.ts';

const MODES = `  native: { use: native, on: dom0, driver: nouveau, hypervisor: allowed }
  pvdrm: { use: pvdrm, on: guest1 }`;

describe('a guest that', () => {
  let pvdrm: Pvdrm;
  const xen = describedXen(['guest1'], (host) => (pvdrm = new Pvdrm(host)));
  afterEach(() => {
    pvdrm.faults = {};
    xen.host.reboot();
  });
  const rungs = (made: Awaited<ReturnType<typeof measured>>) =>
    made.record.rungs.map(({ rung, mode, ok }) => `${rung} ${mode} ${ok ? 'helped' : 'did not help'}`);

  it('hangs in each of its trials is restarted by its mode, and its mode quarantined after two blocks', async () => {
    // A process that waits uninterruptibly for a back-end that is gone does so for ever; here, longer than its limit.
    const made = await measured(xen, {
      modes: MODES,
      workload: 'test ! -e /sys/hypervisor/properties || sleep 60; echo GFLOPS: 1',
      blocks: 4,
      limit: '1s',
    });
    assert.equal(made.exitCode, 4);
    assert.deepEqual(reasons(made, 'native'), []);
    assert.deepEqual(rungs(made), ['end-trial pvdrm helped', 'end-trial pvdrm helped']);
    assert.deepEqual(
      reasons(made, 'pvdrm').map((reason) => reason.split(':')[0]),
      ['timed-out', 'timed-out', 'skipped', 'skipped'],
    );
    assert.match(
      reasons(made, 'pvdrm')[3] ?? '',
      /pvdrm is in quarantine, because it hung in 2 consecutive blocks: not finished within 1 s/,
    );
    const summary = readFileSync(join(made.directory, 'summary.md'), 'utf8');
    assert.match(summary, /\*\*Quarantine\*\*: pvdrm is in quarantine/);
    const page = readFileSync(join(made.directory, 'index.html'), 'utf8');
    assert.match(page, /Recovery from hangs[\s\S]*the trial and all its processes were ended/);
    assert.equal(xen.host.crashed, undefined);
  });

  it('panics at each of its boots has its mode quarantined, and retried where it is asked for', async () => {
    xen.host.end('guest1');
    xen.host.panics.set('guest1', 100);
    const made = await measured(xen, { modes: MODES, blocks: 3 });
    assert.equal(made.exitCode, 4);
    assert.deepEqual(reasons(made, 'native'), []);
    assert.deepEqual(rungs(made), ['restart-guests pvdrm did not help', 'restart-guests pvdrm did not help']);
    assert.match(reasons(made, 'pvdrm')[2] ?? '', /^skipped: pvdrm is in quarantine/);
    xen.host.panics.clear();
    const again = await resumeRun(made.directory, { retry: true });
    assert.deepEqual(
      [again.exitCode, again.results.unsuccessful, again.results.recovery?.quarantined],
      [0, [], {}],
    );
    assert.equal(readRun(made.directory).record.quarantined.size, 0);
  });
});
