/** NVIDIA vGPU on described hosts with KVM, by real SSH: what it does when all is well, and what it says when something is not. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { afterEach, describe, it } from 'node:test';
import { checkExperiment } from '../../../src/run/doctor.ts';
import { restoreRun } from '../../../src/run/restore.ts';
import { runExperiment } from '../../../src/run/run.ts';
import { type Asked, experimentIn, measured, reasons } from './measured.ts';
import { NvidiaVgpu, type VgpuFaults, type Way } from './nvidia-vgpu.ts';
import { Os } from './os.ts';
import { type DescribedKvm, describedKvm } from './suite.ts';

const NATIVE = '  native: { use: native, on: kvm, hypervisor: allowed }';
const UUID = 'a297db4a-f4c2-11e6-90f6-d3b88d6c9525';
const FUNCTION = '0000:51:00.5';

/** Of each way: its GPU, half of it, all of it, how a guest’s configuration names one, and how the mode does. */
const OF = {
  mdev: {
    device: '0000:41:00.0',
    ...{ half: 233, whole: 234 },
    source: `<address uuid='${UUID}'/>`,
    key: `uuid: ${UUID}`,
    create: `/sys/bus/pci/devices/0000:41:00.0/mdev_supported_types/nvidia-233/create`,
  },
  vfio: {
    device: '0000:51:00.0',
    ...{ half: 1155, whole: 1156 },
    source: "<address domain='0x0000' bus='0x51' slot='0x00' function='0x5'/>",
    key: `function: '${FUNCTION}'`,
    create: `/sys/bus/pci/devices/${FUNCTION}/nvidia/current_vgpu_type`,
  },
} as const;

/** @param all Every way to fail, of which there are many; else one of each kind. */
export function describeNvidiaVgpu(all: boolean): void {
  const whenAll = all ? it : () => undefined;
  const some = <T>(ways: readonly T[]): readonly T[] => (all ? ways : ways.slice(-1));

  const described = (way: Way) => {
    const of = OF[way];
    let vgpu: NvidiaVgpu;
    const kvm: DescribedKvm = describedKvm(['guest1', 'guest2'], (host) => {
      vgpu = new NvidiaVgpu(host, way);
      new Os(host);
    });
    const modes = (more = '', on = 'guest1', type: number = of.half) =>
      `${NATIVE}\n  vgpu: { use: nvidia-vgpu, on: ${on}, device: '${of.device}', type: ${type}${more} }`;
    const run = (asked: Partial<Asked> = {}) => measured(kvm, { modes: modes(), ...asked });
    const stateOf = () => ({
      made: vgpu.made,
      guests: [...kvm.host.domains]
        .map(([name, { settings }]) => [name, ...settings.keys()].join(' '))
        .sort(),
      configured: [...kvm.host.configured.values()].flatMap((sources) => [...sources]),
    });
    const reboot = (faults: VgpuFaults) => {
      vgpu.faults = faults;
      kvm.host.reboot();
    };
    const amissIn = async (file: string) => {
      await kvm.ready();
      return (await checkExperiment(file)).filter(({ ok }) => !ok);
    };
    afterEach(() => {
      vgpu.faults = {};
      kvm.host.renew();
      kvm.host.reboot();
    });

    it('is entered by starting its guest with a virtual GPU, attested by both sides, and left as it was found', async () => {
      const before = stateOf();
      const { exitCode, record, results } = await run({
        modes: modes(', parameters: "frame_rate_limiter=0,disable_vnc=1"'),
        blocks: 2,
      });
      assert.deepEqual([results.unsuccessful, record.incidents, exitCode], [[], [], 0]);
      assert.deepEqual(
        record.powers.map(({ action, ok }) => [action, ok]),
        [1, 2].flatMap(() => [
          ['stop', true],
          ['start', true],
        ]),
      );
      assert.deepEqual(stateOf(), before);
      assert.ok(
        kvm.host.asked.some((line) => /tee frame_rate_limiter=0,disable_vnc=1 .*vgpu_params/.test(line)),
      );
    });

    whenAll('has a virtual GPU for each of several guests', async () => {
      const { exitCode, results } = await run({ modes: modes('', '[guest1, guest2]') });
      assert.deepEqual([results.unsuccessful, exitCode, vgpu.made], [[], 0, []]);
    });

    whenAll('takes a guest as it is that has the one which the mode names', async () => {
      kvm.host.end('guest1');
      vgpu.commands.tee(kvm.host.machine, [way === 'mdev' ? UUID : String(of.half), of.create]);
      kvm.host.configured.set('guest1', new Set([of.source]));
      kvm.host.create('guest1');
      const before = stateOf();
      const { exitCode, record } = await run({ modes: modes(`, ${of.key}`) });
      assert.deepEqual([exitCode, record.powers, stateOf()], [0, [], before]);
    });

    const unattested: [string, VgpuFaults, RegExp, string?][] = [
      [
        'the guest has no driver for it',
        { undriven: true },
        /void: .*driver of guest1 uses it \(Guest Driver Version N\/A\)/,
      ],
      [
        'the host’s nvidia-smi says another type than sysfs',
        { onHost: of.whole },
        /void: .*its nvidia-smi has one of that type for guest1 \(1?[12]\d\d, /,
      ],
      [
        'the scheduler is another',
        {},
        /void: .*scheduler is fixed-share \(best-effort\)/,
        ', scheduler: fixed-share',
      ],
      [
        'the host says one type, and the guest shows another',
        { inGuest: of.whole },
        /void: .*its GPU is the host’s \S+ \S+ \(.*-(16|48)Q\)/,
      ],
      [
        'the guest has a GPU that was passed through whole',
        { whole: true },
        /void: .*its driver has a virtual GPU: VGPU \(Pass-Through\)/,
      ],
    ];
    for (const [what, faults, told, more] of some(unattested))
      it(`is not attested where ${what}`, async () => {
        reboot(faults);
        const before = stateOf();
        const made = await run({ modes: modes(more) });
        assert.equal(made.exitCode, 4);
        assert.deepEqual(reasons(made, 'native'), []);
        assert.match(reasons(made, 'vgpu').join('\n'), told);
        assert.deepEqual(stateOf(), before);
      });

    const shared: [string, string, string, number][] = [
      ['equal-share', '0x01', '2 ms', 2000],
      ['fixed-share', '0x11', '2083uS', 2083],
    ];
    for (const [policy, value, slice, us] of some(shared))
      it(`is attested with its scheduler and time slice: ${policy}, ${slice}`, async () => {
        kvm.host.machine.disk(
          'etc/modprobe.d/nvidia-vgpu-scheduler.conf',
          `options nvidia NVreg_RegistryDwords="RmPVMRL=${value}"\n`,
        );
        reboot({ slice });
        const right = await run({ modes: modes(`, scheduler: ${policy}, time-slice: ${us}us`) });
        assert.deepEqual([right.results.unsuccessful, right.exitCode], [[], 0]);
        const wrong = await run({ modes: modes(`, scheduler: ${policy}, time-slice: 5ms`) });
        assert.match(reasons(wrong, 'vgpu').join('\n'), /void: .*a turn takes 5000 µs \(20\d\d µs\)/);
      });

    it('warns of a guest without a licence, and of frames that are limited', async () => {
      reboot({ unlicensed: true, limited: true });
      const { exitCode, results } = await run({ blocks: 2 });
      const codes = results.warnings.map(({ code }) => code).filter((code) => code.startsWith('vgpu-'));
      assert.deepEqual(
        [exitCode, codes],
        [0, way === 'mdev' ? ['vgpu-unlicensed', 'vgpu-frame-limit'] : ['vgpu-unlicensed']],
      );
    });

    whenAll('is not entered where there is no room, and says how much there is', async () => {
      const before = stateOf();
      const made = await run({ modes: modes('', '[guest1, guest2]', of.whole) });
      assert.match(
        reasons(made, 'vgpu').join('\n'),
        way === 'mdev'
          ? /could not be entered: .*no room for one more virtual GPU of the type 234/s
          : /could not be entered: .*current_vgpu_type: Invalid argument/s,
      );
      assert.deepEqual(stateOf(), before);
    });

    if (way === 'vfio')
      it('is put away by restore, where it was held when its guest was off', async () => {
        const before = stateOf();
        vgpu.faults = { held: true };
        const file = experimentIn(kvm, { modes: modes() });
        const directory = join(file, '../run');
        const { exitCode } = await runExperiment(file, { out: directory });
        assert.deepEqual([exitCode, vgpu.made], [4, [String(of.half)]]);
        const refused = await restoreRun(directory);
        assert.match(
          refused.map(({ output }) => output).join(),
          /current_vgpu_type: Operation not permitted/,
        );
        vgpu.faults = {};
        assert.deepEqual(
          (await restoreRun(directory)).filter(({ ok }) => !ok),
          [],
        );
        assert.deepEqual(stateOf(), before);
      });

    it('is looked at beforehand: doctor finds nothing amiss where nothing is', async () => {
      assert.deepEqual(await amissIn(experimentIn(kvm, { modes: modes() })), []);
    });

    whenAll('is told by doctor which type is left, where there is none of its own', async () => {
      vgpu.commands.tee(kvm.host.machine, [way === 'mdev' ? UUID : String(of.half), of.create]);
      const found = await amissIn(experimentIn(kvm, { modes: modes('', 'guest1', of.whole) }));
      assert.deepEqual(
        found.map(({ remedy }) => remedy),
        [{ key: 'modes.vgpu.type', value: String(of.half) }],
      );
    });

    whenAll('is told by doctor that the host’s driver is the usual one', async () => {
      reboot({ bare: true });
      const [one, ...others] = await amissIn(experimentIn(kvm, { modes: modes() }));
      assert.deepEqual(others, []);
      assert.match(one?.found ?? '', /nvidia-smi says None, not Host VGPU/);
    });

    whenAll('is mended by what doctor says: another scheduler', async () => {
      const file = experimentIn(kvm, { modes: modes(', scheduler: equal-share') });
      const [one, ...others] = await amissIn(file);
      assert.ok(one?.remedy !== undefined && 'run' in one.remedy && others.length === 0, one?.next);
      await kvm.run(one.remedy.on, one.remedy.run);
      assert.deepEqual(await amissIn(file), []);
    });

    if (way === 'vfio')
      whenAll('is mended by what doctor says: virtual functions that are off', async () => {
        reboot({ noFunctions: true });
        const file = experimentIn(kvm, { modes: modes() });
        const [one, ...others] = await amissIn(file);
        assert.deepEqual(
          [one?.remedy, others],
          [{ on: 'kvm', run: '/usr/lib/nvidia/sriov-manage -e 0000:51:00.0' }, []],
        );
        vgpu.enableFunctions();
        assert.deepEqual(await amissIn(file), []);
      });
  };

  describe('a mode of NVIDIA vGPU, by mediated devices', () => {
    described('mdev');
  });
  describe('a mode of NVIDIA vGPU, by virtual functions', () => {
    described('vfio');
  });
}
