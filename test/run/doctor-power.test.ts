/** What doctor says of guests that their hosts start, on a described Xen host. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { checkExperiment } from '../../src/run/doctor.ts';
import { experimentIn } from '../support/described/measured.ts';
import { Pvdrm } from '../support/described/pvdrm.ts';
import { describedXen } from '../support/described/suite.ts';

describe('doctor, of guests that their hosts start', () => {
  const xen = describedXen(['guest1'], (host) => new Pvdrm(host));

  it('finds what starts them, and nothing wrong with one that is off', async () => {
    const modes = `  native: { use: native, on: dom0, driver: nouveau, hypervisor: allowed }
  pvdrm: { use: pvdrm, on: guest1 }`;
    const file = experimentIn(xen, { modes });
    const on = await checkExperiment(file);
    assert.deepEqual(
      on.filter(({ ok }) => !ok),
      [],
    );
    assert.ok(
      on.some(
        ({ target, what, found }) => target === 'dom0' && what === 'power of guest1' && found.endsWith('/xl'),
      ),
    );
    assert.ok(on.some(({ target, what }) => target === 'guest1' && what === 'workload mmul'));
    xen.host.end('guest1');
    const off = await checkExperiment(file);
    assert.deepEqual(
      off.filter(({ ok }) => !ok),
      [],
    );
    const [told] = off.filter(({ target }) => target === 'guest1');
    assert.match(
      told?.found ?? '',
      /^no answer \(.*; its host starts it for its modes\. To check it: vgpubench try FILE$/,
    );
    assert.equal(xen.host.domains.has('guest1'), false, 'and starts none itself');
  });
});
