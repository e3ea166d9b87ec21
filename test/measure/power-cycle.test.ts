/** Guests that their hosts can start and stop, on a described Xen host, by real SSH. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { measured, reasons } from '../support/described/measured.ts';
import { describedXen } from '../support/described/suite.ts';
import { Xengt } from '../support/described/xengt.ts';

const MODES = `  native: { use: native, on: dom0, hypervisor: allowed }
  own: { use: native, on: guest1, hypervisor: allowed }`;

describe('a guest whose host can start and stop it', () => {
  const xen = describedXen(['guest1'], (host) => new Xengt(host));
  const started = () => xen.host.asked.filter((line) => line.startsWith('dom0 xl create')).length;

  it('is started where it is off, in any mode, and shut down afterwards', async () => {
    xen.host.end('guest1');
    const { exitCode, record } = await measured(xen, { modes: MODES, workload: 'echo "GFLOPS: 1"' });
    assert.equal(exitCode, 0);
    assert.deepEqual(
      record.powers.map(({ target, action, ok }) => [target, action, ok]),
      [['guest1', 'start', true]],
    );
    assert.equal(started(), 1);
    assert.equal(xen.host.domains.has('guest1'), false, 'and is off again');
  });

  it('that panics as it boots has the end of its console told, and is restarted for the next block', async () => {
    xen.host.end('guest1');
    xen.host.panics.set('guest1', 2);
    const made = await measured(xen, { modes: MODES, workload: 'echo "GFLOPS: 1"', blocks: 2 });
    assert.equal(made.exitCode, 4);
    assert.deepEqual(reasons(made, 'native'), []);
    assert.equal(reasons(made, 'own').length, 1, reasons(made, 'own').join('\n'));
    const told = made.record.incidents.filter(({ text }) => text.includes('Kernel panic'));
    assert.deepEqual(
      told.map(({ kind, target }) => [kind, target]),
      [
        ['recovery', 'guest1'],
        ['recovery', 'guest1'],
      ],
    );
    assert.match(told[0]?.text ?? '', /did not answer in time .*Unable to mount root fs/s);
  });
});
