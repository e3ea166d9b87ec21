/** XenGT on a described Xen host, by real SSH: what it does when all is well, and what it says when something is not. */
import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { type Asked, measured, reasons } from './measured.ts';
import { chosen, describedXen } from './suite.ts';
import { Xengt, type XengtFaults } from './xengt.ts';

const NATIVE = '  native: { use: native, on: dom0, driver: i915, hypervisor: allowed }';
const MEDIATED = `${NATIVE}\n  mediated: { use: xengt, on: guest2, aperture: 64MiB, graphics-memory: 448MiB, fences: 4 }`;

/** @param all Every way to fail, of which there are many; otherwise one of each kind. */
export function describeXengt(all: boolean): void {
  const { whenAll, some } = chosen(all);
  describe('a mode of XenGT', () => {
    let xengt: Xengt;
    const xen = describedXen(['guest2', 'guest3', 'guest4', 'guest5'], (host) => (xengt = new Xengt(host)));
    const run = (asked: Partial<Asked> = {}) => measured(xen, { modes: MEDIATED, ...asked });
    const settings = () => [...(xen.host.domains.get('guest2')?.settings ?? [])];

    function runWith(faults: XengtFaults, asked: Partial<Asked> = {}) {
      xengt.faults = faults;
      xen.host.reboot();
      return run(asked);
    }
    afterEach(() => {
      xengt.faults = {};
      xen.host.reboot();
    });

    it('is entered by starting its guest with an instance, attested, counted, and left by starting it without', async () => {
      const { exitCode, record, results } = await run({ blocks: 2 });
      assert.deepEqual([exitCode, results.unsuccessful, record.incidents], [0, [], []]);
      assert.deepEqual(
        record.visits.flatMap(({ counters }) => counters.map((one) => [one.target, one.counters])),
        [1, 2].map(() => ['guest2', { total_cmds: 40, mmio_rcnt: 120 }]),
      );
      assert.deepEqual(
        record.powers.map(({ target, action, ok }) => [target, action, ok]),
        [1, 2].flatMap(() => [
          ['guest2', 'stop', true],
          ['guest2', 'start', true],
        ]),
      );
      assert.deepEqual(settings(), []);
    });

    whenAll('leaves a guest off that was off', async () => {
      xen.host.end('guest2');
      const { exitCode } = await run();
      assert.deepEqual([exitCode, xen.host.domains.has('guest2')], [0, false]);
    });

    it('takes a guest as it is that has its instance by its own configuration', async () => {
      xen.host.end('guest2');
      const own = { vgt: '1', vgt_low_gm_sz: '64', vgt_high_gm_sz: '448' };
      xen.host.create('guest2', new Map(Object.entries(own)));
      const { exitCode, record } = await run();
      assert.deepEqual([exitCode, record.powers], [0, []]);
      assert.deepEqual(settings(), Object.entries(own));
    });

    const unattested: [string, XengtFaults, RegExp][] = [
      [
        'vGT is not enabled',
        { disabled: true },
        /void: .*no \/sys\/kernel\/vgt\/control: vGT is not in this kernel/,
      ],
      [
        'contexts are not switched',
        { noSwitch: true },
        /void: .*switches contexts \(VGT context switch: disabled\)/,
      ],
      ['its counters can’t be read', { noDebugfs: true }, /void: .*is debugfs mounted\?/],
      ['its driver found another PVINFO', { mismatch: true }, /void: .*VGT interface version mismatch!/],
      ['the guest renders by its CPU', { software: true }, /void: .*total_cmds grew by 0/],
    ];
    for (const [what, faults, told] of some(unattested))
      it(`is not attested where ${what}`, async () => {
        const made = await runWith(faults);
        assert.equal(made.exitCode, 4);
        assert.deepEqual(reasons(made, 'native'), []);
        assert.match(reasons(made, 'mediated').join('\n'), told);
        assert.deepEqual(settings(), []);
      });

    whenAll('is not attested of a guest whose instance has another size', async () => {
      xen.host.end('guest2');
      xen.host.create('guest2', new Map(Object.entries({ vgt: '1', vgt_low_gm_sz: '128' })));
      const made = await run();
      assert.match(
        reasons(made, 'mediated').join('\n'),
        /void: .*an aperture of 64 MiB, and 512 MiB in all \(aperture_sz 0000000008000000/,
      );
    });

    whenAll('is not entered where vGT has too little left, or no ID, in its own words', async () => {
      const tooMuch = await run({ modes: MEDIATED.replace('64MiB', '512MiB') });
      assert.match(
        reasons(tooMuch, 'mediated').join('\n'),
        /could not be entered: .*Cannot allocate memory/s,
      );
      assert.ok(xen.host.dom0.lines.some((line) => line.includes('no enough available aperture/gm/fence!')));
      assert.deepEqual([xen.host.domains.has('guest2'), settings()], [true, []]);
      for (const name of ['guest3', 'guest4', 'guest5']) {
        xen.host.end(name);
        xen.host.create(
          name,
          new Map(Object.entries({ vgt: '1', vgt_low_gm_sz: '64', vgt_high_gm_sz: '64' })),
        );
      }
      const noId = await run();
      assert.match(reasons(noId, 'mediated').join('\n'), /could not be entered: .*No space left on device/s);
    });
  });
}
