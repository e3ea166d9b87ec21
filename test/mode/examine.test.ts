/** What doctor tells that no command mends, or that no described host has; what described hosts have is in run/doctor-broken. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { examineNative } from '../../src/mode/native/examine.ts';
import { examinePvdrm } from '../../src/mode/pvdrm/examine.ts';
import { examineXengt } from '../../src/mode/xengt/examine.ts';
import { powerOf } from '../../src/power/kinds.ts';
import { powerKindOf } from '../../src/power/kinds.ts';
import { alone, place, says } from '../support/place.ts';

const XEN = { uid: '0', xen: 'xen', xl: 'works' };
const facts = (of: Readonly<Record<string, string>>) =>
  Object.entries(of)
    .map(([name, value]) => `${name}\t${value}\n`)
    .join('');
const power = { use: 'xl' as const, config: '/etc/xen/guest1.cfg', ready: 1000 };
const site = (host: Readonly<Record<string, string>>, guest: Readonly<Record<string, string>> = {}) => ({
  guest: place('guest1', () => ({ stdout: facts(guest) })),
  host: place('dom0', () => ({ stdout: facts(host) })),
  domain: 'guest1',
  power: powerOf(power, 'guest1'),
});
const pvdrmSpec = {
  use: 'pvdrm' as const,
  on: ['guest1'],
  device: '/dev/dri/card0',
  cache: false,
  sequential: true,
};
const MIB = 2 ** 20;
const xengtSpec = {
  ...{ use: 'xengt' as const, on: ['guest1'], fences: 4 },
  ...{ aperture: 128 * MIB, 'graphics-memory': 384 * MIB },
};
const HEALTHY = {
  ...XEN,
  gpu: '0000:01:00.0 nouveau 0x10de',
  ...{ node: 'there', module: 'there', config: 'there', 'xl builder': '"hvm"', domid: '3' },
};

async function amissWith(
  host: Readonly<Record<string, string>>,
  guest?: Readonly<Record<string, string>>,
): Promise<[string, string][]> {
  const found = await examinePvdrm('pvdrm', pvdrmSpec, site(host, guest), guest !== undefined);
  return found.filter(({ ok }) => !ok).map((one) => [one.found, one.next ?? '']);
}

describe('what is looked at of PVDRM', () => {
  it('is nothing but what Xen is, where that can’t be asked', async () => {
    const none = await amissWith({ ...HEALTHY, xen: '', xl: 'fails: no such file' });
    assert.deepEqual(none.length, 1);
    assert.match(none.join(), /Xen is not running on dom0.*boot dom0 with Xen/);
    const guest = await amissWith({ ...HEALTHY, xl: 'fails', capabilities: '' });
    assert.match(guest.join(), /on dom0, as root: reboot/);
    const inside = await amissWith({ ...HEALTHY, xl: 'fails', capabilities: 'other' });
    assert.match(inside.join(), /is itself a guest.*targets\.guest1\.host/);
    assert.deepEqual(await amissWith({ ...HEALTHY, xl: 'missing' }), [], 'told with its other programs');
  });

  it('is in dom0 alone where the guest is off, and restarts nothing then', async () => {
    const off = { ...HEALTHY, domid: '', 'xl vdispl': "[ 'backend=0' ]" };
    const [[found, next] = ['', '']] = await amissWith(off);
    assert.match(found, /Xen’s PV display \(drm_xen_front\)/);
    assert.match(next, /sed -i .*vdispl/);
    assert.doesNotMatch(next, /xl create/);
    assert.deepEqual(await amissWith(HEALTHY), []);
  });

  it('is a display of Xen’s also where only its store has one', async () => {
    assert.match((await amissWith({ ...HEALTHY, display: '0 ' })).join(), /does not compute/);
  });

  it('is no kernel’s place where that is shown to nobody', async () => {
    const guest = { uid: '0', module: 'there', meant: 'ffffffff81000000' };
    assert.deepEqual(await amissWith(HEALTHY, { ...guest, text: '0000000000000000' }), []);
    assert.match((await amissWith(HEALTHY, { ...guest, text: 'ffffffff92000000' })).join(), /nokaslr/);
  });

  it('is a GPU that can’t be told: no command is given for another', async () => {
    const other = await amissWith({ ...HEALTHY, gpu: '0000:00:02.0 i915 0x8086' });
    assert.match(other.join(), /bound to i915,see to it that nouveau drives the GPU/);
    const named = { ...HEALTHY, gpu: '0000:00:02.0 i915 0x8086' };
    const second = await amissWith({ ...named, cards: 'card1 0000:01:00.0 nouveau 0x10de,' });
    assert.match(second.join(), /modes\.pvdrm\.device: \/dev\/dri\/card1/);
    const hostile = await amissWith({ ...HEALTHY, gpu: '$(reboot) none 0x10de' });
    assert.doesNotMatch(hostile.map(([, next]) => next).join(), /reboot/);
  });
});

describe('what is looked at of XenGT', () => {
  const amiss = async (host: Readonly<Record<string, string>>) => {
    const healthy = { ...HEALTHY, gpu: '0000:00:02.0 i915 0x8086', domid: '' };
    const found = await examineXengt('mediated', xengtSpec, site({ ...healthy, ...host }));
    return found.filter(({ ok }) => !ok).map(({ next }) => next);
  };

  it('is a kernel that has no vGT at all', async () => {
    assert.match((await amiss({})).join(), /^boot dom0 with a kernel that has vGT/);
    assert.match((await amiss({ parameter: 'yes' })).join(), /i915\.vgt=1/);
  });

  it('is how much is left, where too little for any guest is left', async () => {
    const control = { control: 'yes', switch: 'VGT context switch: enabled', debugfs: 'yes' };
    const left = (low: string) => ({ ...control, left: `0x200 ${low} 0x600 0x600 0x20 0x20` });
    assert.deepEqual(await amiss(left('0x80')), []);
    assert.match((await amiss(left('0x40'))).join(), /or ask for less: modes\.mediated\.aperture: 64MiB/);
    assert.match((await amiss(left('0x3f'))).join(), /^shut down a guest that has an instance \([^)]*\)$/);
    assert.deepEqual(await amiss({ ...control, left: 'cat: no such file' }), []);
  });
});

describe('what is looked at of a guest’s power', () => {
  const judge = (told: Readonly<Record<string, string>>) =>
    powerKindOf(power)
      .look?.(power, { guest: 'guest1', host: 'dom0', domain: 'guest1' })
      .judge(new Map(Object.entries({ ...XEN, ...told })))
      .filter(({ ok }) => !ok)
      .map(({ next }) => next);

  it('is no name that could not be read, and no path of several', () => {
    assert.deepEqual(judge({ config: 'there', name: '' }), []);
    assert.deepEqual(judge({ others: '/etc/xen/a /etc/xen/b ' }), [
      'correct the path: targets.guest1.power.config in the experiment file',
    ]);
  });
});

describe('what is looked at of a native mode', () => {
  it('is what attests it', async () => {
    const below = { target: 'bare', claim: 'no hypervisor', ok: true, evidence: 'none' };
    const spec = { use: 'native' as const, on: ['bare'], hypervisor: 'none' as const };
    const found = await examineNative('native', spec, alone(says('')), below);
    assert.deepEqual(
      found.map(({ what, ok }) => [what, ok]),
      [['no hypervisor', true]],
    );
  });
});
