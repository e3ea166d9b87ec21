/** Pass-through on described hosts of Xen and of KVM, by real SSH: what it does when all is well, and what it says when something is not. */
import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { checkExperiment } from '../../../src/run/doctor.ts';
import { type Asked, experimentIn, measured, reasons } from './measured.ts';
import { AUDIO, GPU } from './pci-functions.ts';
import { type PciFaults, PciGpu } from './pci-gpu.ts';
import { type Described, chosen, describedKvm, describedXen, plugged } from './suite.ts';

const on = (host: string) => `  native: { use: native, on: ${host}, driver: nouveau, hypervisor: allowed }`;
const options = (more = '') => `{ use: passthrough, on: guest1, device: '${GPU}', driver: nouveau${more} }`;

interface Way {
  described: Described;
  gpu: () => PciGpu;
  modes: (more?: string) => string;
}

/** @param all Every way to fail, of which there are many; otherwise one of each kind. */
export function describePassthrough(all: boolean): void {
  let [ofXen, ofKvm]: [PciGpu | undefined, PciGpu | undefined] = [undefined, undefined];
  const { whenAll, some } = chosen(all);

  const described = ({ described: host, gpu, modes }: Way) => {
    const run = (asked: Partial<Asked> = {}) => measured(host, { modes: modes(), ...asked });
    const guest = () => host.host.domains.get('guest1');

    function runWith(faults: PciFaults, asked: Partial<Asked> = {}) {
      gpu().faults = faults;
      host.host.reboot();
      return run(asked);
    }
    /** Who has what, and which guests are on. */
    const stateOf = () => ({
      drivers: gpu().drivers,
      settings: [...(guest()?.settings ?? [])],
      isOn: guest() !== undefined,
    });
    afterEach(() => {
      gpu().faults = {};
      host.host.reboot();
    });

    it('is entered by starting its guest with the GPU, attested by both sides, and left as it was found', async () => {
      const before = stateOf();
      const { exitCode, record, results } = await run({ blocks: 2 });
      assert.deepEqual([results.unsuccessful, record.incidents, exitCode], [[], [], 0]);
      assert.deepEqual(
        record.powers.map(({ action, ok }) => [action, ok]),
        [1, 2].flatMap(() => [
          ['stop', true],
          ['start', true],
        ]),
      );
      assert.deepEqual(stateOf(), before);
    });

    whenAll('leaves a guest off that was off', async () => {
      host.host.end('guest1');
      const { exitCode } = await run();
      assert.deepEqual([exitCode, guest()], [0, undefined]);
    });

    it('is given to a guest that runs, and taken from it again, where that is asked for', async () => {
      const before = stateOf();
      const made = await run({ modes: modes(', plug: running'), blocks: 2 });
      assert.deepEqual([made.results.unsuccessful, made.record.incidents, made.exitCode], [[], [], 0]);
      assert.deepEqual([made.record.powers, stateOf()], [[], before]);
    });

    const unattested: [string, PciFaults, RegExp, string?][] = [
      ['no driver of the guest takes it', { undriven: true }, /void: .*0000:00:05\.0 without a driver/],
      [
        'the host’s driver takes it back meanwhile',
        { takenBack: true },
        /void: not attested after .*the host has no DRM device of it \(card0\)/,
      ],
      ['NVIDIA’s driver has a part of it', { nvidia: { mode: 'VGPU' } }, /void: .*Pass-Through \(VGPU\)/],
      [
        'confidential computing is on unasked',
        { nvidia: { mode: 'Pass-Through', confidential: 'ON' } },
        /void: .*confidential computing is off \(CC status: ON\)/,
      ],
      [
        'confidential computing can’t be told, and has to be on',
        {},
        /void: .*confidential computing is on \(nvidia-smi conf-compute -f does not report it\)/,
        ', confidential: true',
      ],
      [
        'the host says that the guest has it, and the guest has none',
        { unseen: true },
        /void: .*it has the GPU \(10de 1b80\), bound to nouveau \(none such among 1 PCI devices\)/,
      ],
    ];
    for (const [what, faults, told, more] of some(unattested))
      it(`is not attested where ${what}`, async () => {
        gpu().faults = faults;
        host.host.reboot();
        const before = stateOf();
        const made = await run({ modes: modes(more) });
        assert.equal(made.exitCode, 4);
        assert.deepEqual(reasons(made, 'native'), []);
        assert.match(reasons(made, 'passthrough').join('\n'), told);
        assert.deepEqual(stateOf(), before);
      });

    whenAll('is attested with confidential computing on, where it has to be', async () => {
      const { exitCode } = await runWith(
        { nvidia: { mode: 'Pass-Through', confidential: 'ON' } },
        { modes: modes(', confidential: true') },
      );
      assert.equal(exitCode, 0);
    });

    whenAll('ends what its host measures, where its guest’s end has lost it', async () => {
      const before = stateOf();
      gpu().faults = { lostByReset: true };
      const { exitCode, record, ...made } = await run({ blocks: 2 });
      assert.equal(exitCode, 4);
      const why = reasons(made, 'passthrough');
      assert.equal(why.length, 1, 'the first block was not concerned');
      assert.match(why.join(), /^skipped: \w+ is still changed by an earlier stay/);
      assert.ok(
        record.incidents.some(({ text }) => /: .*reboot this host\. \S+ .*after FLR; giving up/s.test(text)),
      );
      assert.deepEqual(stateOf(), before);
      assert.ok(record.pendingUndo.size > 0, 'restore looks again');
    });
  };

  describe('a mode of pass-through, on Xen', () => {
    const xen = describedXen(['guest1'], (host) => (ofXen = new PciGpu(host, 'pciback')));
    const modes = (more?: string) => `${on('dom0')}\n  passthrough: ${options(more)}`;
    described({ described: xen, gpu: () => plugged(ofXen), modes });

    whenAll('takes a guest as it is that has it by its own configuration', async () => {
      xen.host.end('guest1');
      plugged(ofXen).commands.xl(xen.host.dom0, ['pci-assignable-add', GPU]);
      xen.host.create('guest1', new Map([['pci', `["${GPU}"]`]]));
      const { record, results } = await measured(xen, {
        modes: `  native: { use: native, on: guest1, hypervisor: allowed }\n  passthrough: ${options()}`,
      });
      assert.deepEqual([results.unsuccessful, record.powers], [[], []]);
    });

    whenAll('starts a guest anew that does not let go of it', async () => {
      plugged(ofXen).faults = { clings: true };
      const before = plugged(ofXen).drivers;
      const { id } = xen.host.domains.get('guest1') ?? {};
      const { exitCode } = await measured(xen, { modes: modes(', plug: running') });
      assert.deepEqual([exitCode, plugged(ofXen).drivers], [0, before]);
      assert.notEqual(xen.host.domains.get('guest1')?.id, id);
    });

    const refused: [string, PciFaults, RegExp][] = [
      ['there is no IOMMU', { noIommu: true }, /could not be entered: .*failed to quarantine 0000:01:00\.0/s],
      [
        'pciback is not loaded',
        { noPciback: true },
        /could not be entered: .*Looks like pciback driver not loaded/s,
      ],
    ];
    for (const [what, faults, told] of some(refused))
      it(`is not entered where ${what}, and all is put back`, async () => {
        plugged(ofXen).faults = faults;
        xen.host.reboot();
        const before = plugged(ofXen).drivers;
        const made = await measured(xen, { modes: modes() });
        assert.match(reasons(made, 'passthrough').join('\n'), told);
        assert.deepEqual([plugged(ofXen).drivers, xen.host.domains.has('guest1')], [before, true]);
      });
  });

  describe('a mode of pass-through, under KVM', () => {
    const kvm = describedKvm(['guest1'], (host) => (ofKvm = new PciGpu(host, 'vfio-pci')));
    const modes = (more = '') => `${on('kvm')}\n  passthrough: ${options(`, with: ['${AUDIO}']${more}`)}`;
    described({ described: kvm, gpu: () => plugged(ofKvm), modes });

    whenAll('has it reset as it is told, and as before afterwards', async () => {
      const before = plugged(ofKvm).drivers;
      const { exitCode } = await measured(kvm, { modes: modes(', reset: bus') });
      assert.deepEqual([exitCode, plugged(ofKvm).drivers], [0, before]);
      assert.ok(kvm.host.asked.some((line) => /tee bus .*reset_method/s.test(line)));
    });

    const refused: [string, PciFaults, RegExp, string?][] = [
      [
        'its driver does not let go',
        { stuck: true },
        /could not be entered: .*is bound to nouveau, not to vfio-pci/s,
      ],
      [
        'it can’t be reset so',
        {},
        /could not be entered: .*reset_method: Invalid argument/s,
        ', reset: acpi',
      ],
      [
        'it would not survive its reset',
        { ids: ['1002', '74a1'] },
        /could not be entered: .*0000:01:00\.0 would be passed through whole/s,
      ],
      [
        'Xen’s permissive is asked for',
        {},
        /could not be entered: .*can’t be given a permissive device/s,
        ', permissive: true',
      ],
    ];
    for (const [what, faults, told, more] of some(refused))
      it(`is not entered where ${what}, and all is put back`, async () => {
        plugged(ofKvm).faults = faults;
        kvm.host.reboot();
        const before = plugged(ofKvm).drivers;
        const made = await measured(kvm, { modes: modes(more) });
        assert.match(reasons(made, 'passthrough').join('\n'), told);
        assert.deepEqual([plugged(ofKvm).drivers, kvm.host.domains.has('guest1')], [before, true]);
      });

    whenAll('starts a guest anew that does not let go of it', async () => {
      const before = plugged(ofKvm).drivers;
      kvm.host.clings.add('guest1');
      const { id } = kvm.host.domains.get('guest1') ?? {};
      const { exitCode } = await measured(kvm, { modes: modes(', plug: running') });
      kvm.host.clings.clear();
      assert.deepEqual([exitCode, plugged(ofKvm).drivers], [0, before]);
      assert.notEqual(kvm.host.domains.get('guest1')?.id, id);
    });

    whenAll('is not entered without all of its group', async () => {
      const made = await measured(kvm, { modes: `${on('kvm')}\n  passthrough: ${options()}` });
      assert.match(reasons(made, 'passthrough').join('\n'), /group 12 is not viable/);
    });

    const broken: [string, PciFaults, RegExp, object | undefined][] = [
      [
        'others of its group',
        {},
        /its whole IOMMU group goes with it: 0000:01:00\.1 is bound to snd_hda_intel/,
        { key: 'modes.passthrough.with', value: `['${AUDIO}']` },
      ],
      ['no IOMMU', { noIommu: true }, /an IOMMU is on: no IOMMU group/, undefined],
      [
        'a card that would not survive its reset',
        { ids: ['1002', '74a1'] },
        /it survives its reset between guests: AMD Instinct MI300X: it is known not to/,
        { key: 'modes.passthrough.allow', value: 'host-reset' },
      ],
    ];
    for (const [what, faults, found, remedy] of some(broken))
      it(`is looked at beforehand: doctor tells of ${what}`, async () => {
        plugged(ofKvm).faults = faults;
        kvm.host.reboot();
        await kvm.ready();
        const whole = what === 'others of its group' ? `${on('kvm')}\n  passthrough: ${options()}` : modes();
        const looked = await checkExperiment(experimentIn(kvm, { modes: whole }));
        const [one, ...others] = looked.filter(({ ok }) => !ok);
        assert.deepEqual(others, []);
        assert.match(one?.found ?? '', found);
        // Which parameter Linux takes depends on the CPU's vendor; the firmware always takes a person.
        if (remedy !== undefined) assert.deepEqual(one?.remedy, remedy);
      });

    whenAll('is entered with a card that may be lost, where that is allowed', async () => {
      plugged(ofKvm).faults = { ids: ['1002', '74a1'] };
      kvm.host.reboot();
      const { exitCode } = await measured(kvm, { modes: modes(', allow: host-reset') });
      assert.equal(exitCode, 0);
    });
  });
}
