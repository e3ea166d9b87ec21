/** Guests of a real libvirt, which runs them by QEMU without KVM. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { powerOf } from '../../src/power/kinds.ts';
import { testFolder } from '../support/directory.ts';
import { type Libvirt, startLibvirt } from '../support/libvirt.ts';
import { until } from '../support/processes.ts';
import { SHELLS, hurried, sh } from './scripts.ts';

const SILENT = { status: 0, stdout: '', stderr: '' };

describe('power by virsh', () => {
  let libvirt: Libvirt;
  let end: Libvirt['end'] = () => Promise.resolve();
  // Before its folder goes.
  after(() => end());
  const folder = testFolder();
  before(async () => {
    libvirt = await startLibvirt(folder);
    ({ end } = libvirt);
  });

  /** How it is powered, once it is defined. */
  const guest = (name: string, does: Parameters<Libvirt['define']>[1]) => {
    const console = libvirt.define(name, does);
    return powerOf({ use: 'virsh', connect: libvirt.uri, console, ready: 1000 }, name);
  };
  const stateOf = (name: string) => libvirt.virsh('domstate', name);
  const booted = ({ console }: { console: string | undefined }) =>
    until('the guest’s boot', () => sh(console).stdout === 'up\n');

  it('starts what is off, and ends what is on: running it twice does no harm', () => {
    const power = guest('plain', 'ignores its power button');
    assert.equal(sh(power.running).status, 1);
    for (const script of [power.destroy, power.shutdown]) assert.deepEqual(sh(script), SILENT);
    for (const script of [power.start, power.start]) assert.deepEqual(sh(script), SILENT);
    assert.equal(stateOf('plain'), 'running');
    // Whatever sh a host has: the other scripts have the same parts.
    for (const shell of SHELLS) assert.deepEqual(sh(power.running, shell), SILENT);
    for (const script of [power.destroy, power.destroy]) assert.deepEqual(sh(script), SILENT);
    assert.equal(stateOf('plain'), 'shut off');
    for (const shell of SHELLS) {
      assert.equal(sh(power.running, shell).status, 1);
      assert.deepEqual(sh(power.destroy, shell), SILENT);
    }
  });

  it('has a guest shut down by itself, and tells what it wrote to its console', async () => {
    const power = guest('polite', 'heeds its power button');
    assert.deepEqual(sh(power.start), SILENT);
    await booted(power);
    assert.deepEqual(sh(power.shutdown), SILENT);
    assert.equal(sh(power.running).status, 1);
    assert.match(libvirt.virsh('domstate', '--reason', 'polite'), /^shut off \(shutdown\)/);
  });

  it('ends a guest that does not shut down by itself, after a minute, and tells so', async () => {
    const power = guest('deaf', 'ignores its power button');
    assert.deepEqual(sh(power.start), SILENT);
    await booted(power);
    assert.deepEqual(sh(hurried(power.shutdown, 60)), {
      ...SILENT,
      stdout: 'it did not shut down by itself: destroyed\n',
    });
    assert.match(libvirt.virsh('domstate', '--reason', 'deaf'), /^shut off \(destroyed\)/);
  });

  // Of `in shutdown` QEMU's guests give no more than a glimpse, once they are about to be off.
  for (const [name, does, state] of [
    ['paused', 'ignores its power button', 'paused'],
    ['asleep', 'sleeps', 'pmsuspended'],
    ['panicked', 'panics', 'crashed'],
  ] as const)
    it(`takes a guest that is ${state} for one that is on: it can’t be started, and is ended`, async () => {
      const power = guest(name, does);
      assert.deepEqual(sh(power.start), SILENT);
      if (state === 'paused') libvirt.virsh('suspend', name);
      await until(state, () => stateOf(name) === state);
      for (const script of [power.running, power.start]) assert.deepEqual(sh(script), SILENT);
      assert.equal(stateOf(name), state);
      assert.equal(sh(hurried(power.shutdown, 60)).status, 0);
      assert.equal(stateOf(name), 'shut off');
    });

  it('has devices of the host added to a guest’s configuration, and taken out again, once each', () => {
    const power = guest('lent', 'ignores its power button');
    const pci = '0000:fe:1f.3';
    const mdev = 'a297db4a-f4c2-11e6-90f6-d3b88d6c9525';
    const lend = power.lend?.([{ pci }, { mdev }]);
    assert.ok(lend !== undefined);
    const devices = () => libvirt.virsh('dumpxml', '--inactive', 'lent').match(/<hostdev /g)?.length ?? 0;
    for (const shell of SHELLS) {
      assert.equal(sh(lend.own, shell).status, 1);
      // No such device is here, so that it does not start; its configuration is another’s business.
      const { status, stderr } = sh(lend.start, shell);
      assert.notEqual(status, 0);
      assert.match(stderr, /Failed to start domain/);
      assert.deepEqual([devices(), sh(lend.own, shell).status, sh(lend.has, shell).status], [2, 0, 1]);
      sh(lend.start, shell);
      assert.equal(devices(), 2);
      for (const script of [lend.takeBack, lend.takeBack]) assert.equal(sh(script, shell).status, 0);
      assert.equal(devices(), 0);
    }
    const silent = powerOf({ use: 'virsh', connect: `${libvirt.uri}-not`, ready: 1000 }, 'lent').lend?.([
      { pci },
    ]);
    for (const script of [silent?.has, silent?.own, silent?.start, silent?.takeBack])
      assert.notEqual(sh(script).status, 0);
  });

  it('does not take a name of digits for another guest’s id', () => {
    const other = guest('other', 'ignores its power button');
    assert.deepEqual(sh(other.start), SILENT);
    const id = libvirt.virsh('domid', 'other');
    const digits = guest(id, 'ignores its power button');
    assert.equal(sh(digits.running).status, 1);
    for (const script of [digits.destroy, digits.shutdown, digits.start, digits.destroy])
      assert.deepEqual(sh(script), SILENT);
    assert.deepEqual([sh(other.running).status, sh(digits.running).status], [0, 1]);
    assert.deepEqual(sh(other.destroy), SILENT);
  });

  it('fails where libvirt does not know the guest, or does not answer: nothing is known then', () => {
    const unknown = powerOf({ use: 'virsh', connect: libvirt.uri, ready: 1000 }, 'unknown');
    const silent = powerOf({ use: 'virsh', connect: `${libvirt.uri}-not`, ready: 1000 }, 'plain');
    assert.deepEqual([unknown.console, unknown.startWith], [undefined, undefined]);
    for (const [power, why] of [
      [unknown, /failed to get domain 'unknown'/],
      [silent, /failed to connect to the hypervisor/],
    ] as const) {
      for (const script of [power.start, power.shutdown, power.destroy]) {
        const { status, stderr } = sh(script);
        assert.notEqual(status, 0, script);
        assert.match(stderr, why);
      }
      assert.deepEqual(sh(power.running), { ...SILENT, status: 1 });
    }
  });
});
