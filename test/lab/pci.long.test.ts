/** PCI pass-through by Xen's own tools, under an IOMMU that QEMU emulates: the GPU goes to a PV guest, and comes back. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { runExperiment } from '../../src/run/run.ts';
import { testFolder } from '../support/directory.ts';
import { machine } from '../support/lab-machine.ts';
import { withLab } from '../support/lab-up.ts';

/** Where QEMU has the GPU on the Xen box's bus. */
const GPU = '0000:00:03.0';
const REAL = join(import.meta.dirname, '../../bench/experiments/real-mechanisms.yaml');
const ASSIGNED = `Vdev Device\n00.0 ${GPU}`;

describe('a lab that passes PCI devices through', { timeout: 15 * 60_000 }, () => {
  const folder = testFolder();
  const lab = withLab('pci', 1, { pci: true });
  const dom0 = machine('dom0', lab, folder);
  const guest = machine('p1', lab, folder);
  after(() => Promise.all([dom0.leave(), guest.leave()]));

  const computes = async () => {
    assert.match(await guest.tell('mmul 8'), /"mode":"native".*"crossings":\{\}.*"check":"ok"/);
  };

  /** `xl shutdown -w` returns before the domain is gone: the xl that made it sees to that. */
  const shutDown = async () => {
    await guest.leave();
    await dom0.tell(
      'xl shutdown -w p1; for try in $(seq 100); do xl domid p1 2>/dev/null || exit 0; sleep 0.1; done; exit 1',
    );
  };

  /** @param how more of its configuration */
  const start = async (how = '') => {
    await dom0.tell(`xl create -q /etc/xen/p1.cfg ${how}`);
    await dom0.tell(
      'n=/local/domain/$(xl domid p1)/data/awake; for try in $(seq 600); do xenstore-exists $n && exit; sleep 0.1; done; exit 1',
    );
  };

  it('has an IOMMU by Xen’s own account, and a PV guest that sees no PCI device', async () => {
    assert.match(await dom0.tell('xl info'), /^virt_caps *: .*\bhvm_directio pv_directio\b/m);
    await start();
    assert.equal(await guest.tell('cat /sys/hypervisor/guest_type; ls /sys/bus/pci/devices'), 'PV');
    assert.match((await guest.ask('mmul 8')).said, /no PCI device 1af4:1110 here/);
  });

  it('attaches the GPU to a guest that runs, which computes on it, and refuses to attach it twice', async () => {
    await dom0.tell(`xl pci-assignable-add ${GPU}`);
    assert.equal(await dom0.tell('xl pci-assignable-list'), `${GPU} `);
    await dom0.tell(`xl pci-attach p1 ${GPU}`);
    assert.equal(await dom0.tell('xl pci-list p1'), ASSIGNED);
    const driver = 'basename $(readlink -f /sys/bus/pci/devices/*/driver) 2>/dev/null';
    assert.equal(
      await guest.tell(`for try in $(seq 50); do ${driver} && break; sleep 0.1; done`),
      'uio_pci_generic',
    );
    await computes();
    const twice = await dom0.ask(`xl pci-attach p1 ${GPU}`);
    assert.equal(twice.status, 1);
    assert.match(twice.said, /PCI device 0:0:3\.0 is not assignable/);
  });

  it('detaches it, after which the guest has none, and dom0 has it back', async () => {
    await dom0.tell(`xl pci-detach p1 ${GPU}`);
    assert.equal((await guest.ask('ls /sys/bus/pci/devices')).said, '');
    await dom0.tell(`xl pci-assignable-remove -r ${GPU}`);
    assert.equal(await dom0.tell('xl pci-assignable-list'), '');
  });

  it('starts a guest with it, and takes it back as the guest is shut down', async () => {
    await shutDown();
    await dom0.tell(`xl pci-assignable-add ${GPU}`);
    await start(`'pci=["${GPU}"]'`);
    assert.equal(await dom0.tell('xl pci-list p1'), ASSIGNED);
    await computes();
    await shutDown();
    assert.equal(await dom0.tell('xl pci-assignable-list'), `${GPU} `);
    await dom0.tell(`xl pci-assignable-remove -r ${GPU}`);
  });

  it('is what the mode passthrough enters, attests from both sides, and leaves as it was', async () => {
    const out = join(folder, 'run');
    const { results, exitCode } = await runExperiment(REAL, {
      ...{ out, seed: 1, blocks: 1, only: { modes: ['passthrough'], workloads: ['mmul'] } },
    });
    assert.equal(exitCode, 0, JSON.stringify(results.incidents));
    assert.deepEqual([results.trials.completed, results.incidents], [2, []]);
    const held = results.attestations.filter(({ mode }) => mode === 'passthrough');
    assert.deepEqual(
      held.map(({ when, ok }) => [when, ok]),
      [
        ['before', true],
        ['after', true],
      ],
    );
    const claims = held.flatMap(({ findings }) => findings.map(({ claim }) => claim)).join('\n');
    assert.match(claims, /pciback holds 0000:00:03\.0/);
    assert.match(claims, /it has the GPU \(1af4 1110\), bound to uio_pci_generic/);
    assert.equal((await dom0.ask('xl domid p1')).status, 1, 'it was off before, and is again');
    assert.equal(await dom0.tell('xl pci-assignable-list'), '');
  });

  it('is refused for a PVH guest, by Xen’s own words', async () => {
    const config = 'sed -e \'s/p1/h1/\' -e \'s/"pv"/"pvh"/\' /etc/xen/p1.cfg >/tmp/h1.cfg';
    const { said, status } = await dom0.ask(`${config}; xl create -q /tmp/h1.cfg 'pci=["${GPU}"]'`);
    assert.equal(status, 6, said);
    assert.match(said, /passthrough not yet supported for x86 PVH guests/);
  });
});
