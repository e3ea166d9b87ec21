/** virtio-gpu on a described host with KVM, by real SSH: what it does when all is well, and what it says when something is not. */
import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { checkExperiment } from '../../../src/run/doctor.ts';
import { type Asked, experimentIn, measured, reasons } from './measured.ts';
import { describedKvm } from './suite.ts';
import { VirtioGpu, type VirtioGpuFaults } from './virtio-gpu.ts';

const NATIVE = '  native: { use: native, on: kvm, hypervisor: allowed }';
const modesOf = (variant: string, more = '') =>
  `${NATIVE}\n  forwarded: { use: virtio-gpu, on: guest1, variant: ${variant}${more} }`;

/** @param all Every way to fail, of which there are many; else one of each kind. */
export function describeVirtioGpu(all: boolean): void {
  const some = <T>(ways: readonly T[]): readonly T[] => (all ? ways : ways.slice(-1));
  describe('a mode of virtio-gpu', () => {
    let gpu: VirtioGpu;
    const kvm = describedKvm(['guest1'], (host) => (gpu = new VirtioGpu(host)));
    const run = (variant: string, asked: Partial<Asked> = {}) =>
      measured(kvm, { modes: modesOf(variant), ...asked });
    function boot(variant: string, faults: VirtioGpuFaults = {}): void {
      Object.assign(gpu, { variant, faults });
      kvm.host.reboot();
    }
    afterEach(() => {
      boot('venus');
    });

    const counted: [string, object][] = [
      ['virgl', { fences: 40 }],
      ['native-context', { fences: 40 }],
      ['venus', { fences: 40 }],
    ];
    for (const [variant, counters] of some(counted))
      it(`is attested as ${variant}, and counted without what was asked to attest it`, async () => {
        boot(variant);
        const { exitCode, record, results } = await run(variant);
        assert.deepEqual([results.unsuccessful, record.incidents, exitCode], [[], [], 0]);
        assert.deepEqual(
          record.visits.flatMap((visit) => visit.counters.map((one) => one.counters)),
          [counters],
        );
      });

    it('starts its guest where that is off, and leaves it off', async () => {
      kvm.host.end('guest1');
      const { exitCode, record } = await run('venus', { blocks: 2 });
      assert.deepEqual([exitCode, record.powers.length, kvm.host.domains.has('guest1')], [0, 2, false]);
    });

    const unattested: [string, string, VirtioGpuFaults, RegExp][] = [
      [
        'virgl',
        'its QEMU has no GL',
        { device: 'virtio-gpu-pci' },
        /has a virtio-gpu with GL \(virtio-gpu-pci\)/,
      ],
      ['virgl', 'it has another card', { device: 'qxl-vga' }, /no such device.*drives a card \(no /],
      [
        'virgl',
        'it renders by its CPU, and says so',
        { llvmpipe: true },
        /OpenGL is virgl’s.*\(llvmpipe .*; llvmpipe/,
      ],
      [
        'virgl',
        'it renders by its CPU, and says nothing',
        { unused: true },
        /void: not attested after .*\(0 more\)/,
      ],
      ['venus', 'its Mesa has no venus', { llvmpipe: true }, /Vulkan is venus’s.*\(llvmpipe/],
      [
        'venus',
        'fences are never signalled',
        { livelock: true },
        /void: not attested while it ran: .*3 of 4, .*not signalled for 10 s/,
      ],
      [
        'native-context',
        'debugfs is not mounted',
        { noDebugfs: true },
        /drives a card \(no \/sys\/kernel\/debug\/dri\)/,
      ],
      [
        'venus',
        'the capability set is all zeros',
        { noRenderServer: true },
        /llvmpipe .*: cap set 4 exists but is empty/,
      ],
    ];
    for (const [variant, what, faults, told] of some(unattested))
      it(`is not attested as ${variant} where ${what}`, async () => {
        boot(variant, faults);
        const made = await run(variant);
        assert.deepEqual([made.exitCode, reasons(made, 'native')], [4, []]);
        assert.match(reasons(made, 'forwarded').join('\n'), told);
      });

    const lies: [string, string, RegExp][] = [
      ['native-context', 'virgl', /OpenGL is virgl’s, not a CPU’s \(AMD Radeon/],
      ['venus', 'native-context', /with drm_native_context \(.*"venus":true.*cap set 6.*\(cap sets 1 2 4/],
      ['virgl', 'venus', /with venus \(.*cap set 4.*\(cap sets 1 2;/],
    ];
    for (const [is, asked, told] of some(lies))
      it(`is not taken for ${asked} where it is ${is}`, async () => {
        boot(is);
        assert.match(reasons(await run(asked), 'forwarded').join('\n'), told);
      });

    it('is told by doctor what to do, where its guest is on', async () => {
      boot('venus', { noDebugfs: true });
      const file = experimentIn(kvm, { modes: modesOf('venus') });
      const amiss = async () => {
        await kvm.ready();
        return (await checkExperiment(file)).filter(({ ok }) => !ok);
      };
      const [one, ...others] = await amiss();
      assert.ok(one?.remedy !== undefined && 'run' in one.remedy && others.length === 0, one?.next);
      await kvm.run(one.remedy.on, one.remedy.run);
      assert.deepEqual(await amiss(), []);
    });
  });
}
