/** GVT-g on a described host with KVM, by real SSH: what it does when all is well, and what it says when something is not. */
import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { checkExperiment } from '../../../src/run/doctor.ts';
import { Gvtg, type GvtgFaults } from './gvtg.ts';
import { type Asked, experimentIn, measured, reasons } from './measured.ts';
import { Os } from './os.ts';
import { chosen, describedKvm } from './suite.ts';

const NATIVE = '  native: { use: native, on: kvm, driver: i915, hypervisor: allowed }';
const GVTG = `${NATIVE}\n  gvtg: { use: gvtg, on: guest1, type: i915-GVTg_V5_4 }`;
const BOTH = GVTG.replace('on: guest1', 'on: [guest1, guest2]');
const UUID = 'a297db4a-f4c2-11e6-90f6-d3b88d6c9525';

/** @param all Every way to fail, of which there are many; otherwise one of each kind. */
export function describeGvtg(all: boolean): void {
  const { whenAll, some } = chosen(all);
  describe('a mode of GVT-g', () => {
    let gvtg: Gvtg;
    const kvm = describedKvm(['guest1', 'guest2'], (host) => {
      gvtg = new Gvtg(host);
      new Os(host);
    });
    const run = (asked: Partial<Asked> = {}) => measured(kvm, { modes: GVTG, ...asked });
    const stateOf = () => ({
      made: gvtg.made,
      guests: [...kvm.host.domains]
        .map(([name, { settings }]) => [name, ...settings.keys()].join(' '))
        .sort(),
      configured: [...kvm.host.configured.values()].flatMap((sources) => [...sources]),
    });

    function runWith(faults: GvtgFaults, asked: Partial<Asked> = {}) {
      gvtg.faults = faults;
      kvm.host.reboot();
      return run(asked);
    }
    afterEach(() => {
      gvtg.faults = {};
      kvm.host.renew();
      kvm.host.reboot();
    });

    it('is entered by starting its guest with a virtual GPU, attested, counted, and left as it was found', async () => {
      const before = stateOf();
      const { exitCode, record, results } = await run({ blocks: 2 });
      assert.deepEqual([results.unsuccessful, record.incidents, exitCode], [[], [], 0]);
      assert.deepEqual(
        record.visits.flatMap(({ counters }) => counters.map((one) => [one.target, one.counters])),
        [1, 2].map(() => ['guest1', { interrupts: 40 }]),
      );
      assert.deepEqual(stateOf(), before);
    });

    whenAll('has a virtual GPU for each of several guests', async () => {
      const { exitCode, results } = await run({ modes: BOTH });
      assert.deepEqual([results.unsuccessful, exitCode, gvtg.made], [[], 0, []]);
    });

    whenAll('takes a guest as it is that has the one which the mode names', async () => {
      kvm.host.end('guest1');
      gvtg.commands.tee(kvm.host.machine, [UUID, '/sys/x/mdev_supported_types/i915-GVTg_V5_4/create']);
      kvm.host.configured.set('guest1', new Set([`<address uuid='${UUID}'/>`]));
      kvm.host.create('guest1');
      const before = stateOf();
      const { exitCode, record } = await run({ modes: GVTG.replace('V5_4', `V5_4, uuid: ${UUID}`) });
      assert.deepEqual([exitCode, record.powers, stateOf()], [0, [], before]);
    });

    const unattested: [string, GvtgFaults, RegExp][] = [
      ['its driver could not keep to its part', { noBalloon: true }, /void: .*VGT balloon fail/],
      ['the guest has the whole GPU', { whole: true }, /void: .*reports a virtual GPU of GVT-g/],
      ['debugfs is not mounted', { noDebugfs: true }, /void: .*it is active \(.*No such file/],
      ['a shadow page fails', { breaks: true }, /void: not attested after .*gvt: vgpu 1: fail: shadow page/],
      [
        'the guest renders by its CPU',
        { software: true },
        /void: not attested after .*interrupts during .*\(0 more\)/,
      ],
      [
        'the host says that it has one, and the guest has none',
        { unseen: true },
        /void: .*bound to i915 \(no card\)/,
      ],
    ];
    for (const [what, faults, told] of some(unattested))
      it(`is not attested where ${what}`, async () => {
        const before = stateOf();
        const made = await runWith(faults);
        assert.equal(made.exitCode, 4);
        assert.deepEqual(reasons(made, 'native'), []);
        assert.match(reasons(made, 'gvtg').join('\n'), told);
        assert.deepEqual({ ...stateOf(), guests: [] }, { ...before, guests: [] });
      });

    whenAll('is not entered where the aperture is given out, in the kernel’s own words', async () => {
      const made = await run({ modes: BOTH.replace('V5_4', 'V5_2') });
      assert.match(
        reasons(made, 'gvtg').join('\n'),
        /could not be entered: .*create: No space left on device/s,
      );
      assert.deepEqual([gvtg.made, kvm.host.domains.size], [[], 2]);
    });

    const broken: [string, GvtgFaults, RegExp][] = [
      ['booted without GVT-g', { byParameter: true }, /no mdev_supported_types, and enable_gvt is N/],
      ['debugfs not mounted', { noDebugfs: true }, /no \/sys\/kernel\/debug\/dri/],
      ['kvmgt not loaded', { noKvmgt: true }, /no mdev_supported_types: kvmgt is not loaded/],
    ];
    const amissIn = async (file: string) => {
      await kvm.ready();
      return (await checkExperiment(file)).filter(({ ok }) => !ok);
    };
    for (const [what, faults, found] of some(broken))
      it(`is mended by what doctor says: ${what}`, async () => {
        gvtg.faults = faults;
        kvm.host.reboot();
        const file = experimentIn(kvm, { modes: GVTG });
        const [one, ...others] = await amissIn(file);
        assert.ok(one?.remedy !== undefined && 'run' in one.remedy && others.length === 0, one?.next);
        assert.match(one.found, found);
        await kvm.run(one.remedy.on, one.remedy.run);
        assert.deepEqual(await amissIn(file), []);
      });

    whenAll('is told by doctor which type is left, where there is none of its own', async () => {
      gvtg.commands.tee(kvm.host.machine, [UUID, '/sys/x/mdev_supported_types/i915-GVTg_V5_2/create']);
      const file = experimentIn(kvm, { modes: GVTG.replace('V5_4', 'V5_2') });
      assert.deepEqual(
        (await amissIn(file)).map(({ remedy }) => remedy),
        [{ key: 'modes.gvtg.type', value: 'i915-GVTg_V5_4' }],
      );
    });
  });
}
