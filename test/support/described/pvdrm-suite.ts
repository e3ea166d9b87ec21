/** PVDRM on a described Xen host, by real SSH: what it does when all is well, and what it says when something is not. */
import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { restoreRun } from '../../../src/run/restore.ts';
import { type Asked, measured, reasons } from './measured.ts';
import { Pvdrm, type PvdrmFaults } from './pvdrm.ts';
import { chosen, describedXen } from './suite.ts';

const NATIVE = '  native: { use: native, on: dom0, driver: nouveau, hypervisor: allowed }';
const PVDRM = `${NATIVE}\n  pvdrm: { use: pvdrm, on: guest1 }`;

/** @param all Every way to fail, of which there are many; otherwise one of each kind. */
export function describePvdrm(all: boolean): void {
  const { whenAll, some } = chosen(all);
  describe('a mode of PVDRM', () => {
    let pvdrm: Pvdrm;
    const xen = describedXen(['guest1'], (host) => (pvdrm = new Pvdrm(host)));
    const run = (asked: Partial<Asked> = {}) => measured(xen, { modes: PVDRM, ...asked });

    /** dom0 and the guest as they were found, except for the guest's number. */
    function assertPutBack(): void {
      const { host } = xen;
      assert.equal(host.crashed, undefined);
      assert.deepEqual([...host.dom0.modules.keys()], []);
      assert.deepEqual([...(host.domains.get('guest1')?.machine.modules.keys() ?? ['off'])], []);
      assert.equal(host.store.has('/local/domain/0/backend/vdrm'), false);
      assert.equal(host.store.toString().includes('/device/vdrm'), false);
    }

    /** With a fault that the next boots have. */
    function runWith(faults: PvdrmFaults, asked: Partial<Asked> = {}) {
      pvdrm.faults = faults;
      xen.host.reboot();
      return run(asked);
    }
    afterEach(() => {
      pvdrm.faults = {};
      xen.host.reboot();
    });

    it('is entered, attested by both sides, counted, and left as it was found', async () => {
      const modes = `${PVDRM}\n  pvdrm-cache: { use: pvdrm, on: guest1, cache: true, sequential: false }`;
      const { exitCode, record, results } = await run({ modes, blocks: 2 });
      assert.deepEqual([exitCode, results.unsuccessful, record.incidents], [0, [], []]);
      const counters = (mode: string) =>
        record.visits
          .filter((visit) => visit.mode === mode)
          .flatMap((visit) => visit.counters.map((one) => one.counters));
      const pushed = { IOCTL_NOUVEAU_GEM_PUSHBUF: 40, 'cache-miss': 40 };
      assert.deepEqual(counters('pvdrm'), [pushed, pushed]);
      const cached = { IOCTL_NOUVEAU_GEM_PUSHBUF: 40, 'cache-hit': 38, 'cache-insert': 40, 'cache-miss': 2 };
      assert.deepEqual(counters('pvdrm-cache'), [cached, cached]);
      assertPutBack();
    });

    whenAll('is attested of a build that logs nothing, which counts nothing', async () => {
      const { exitCode, record } = await runWith({ quiet: true });
      assert.equal(exitCode, 0);
      assert.deepEqual(
        record.visits.flatMap(({ counters }) => counters),
        [],
      );
      assertPutBack();
    });

    whenAll('warns that times and counts are of one build, and not of a quiet one’s', async () => {
      const warned = async (quiet: boolean) => {
        const { results } = await runWith({ quiet });
        return results.warnings.some(({ code }) => code === 'counted-while-timed');
      };
      assert.deepEqual([await warned(false), await warned(true)], [true, false]);
    });

    it('tells how many lines of the log were lost', async () => {
      const { host } = xen;
      const lose = setInterval(() => {
        if (host.asked.at(-1)?.startsWith('guest1 mmul') === true) host.dom0.drop(7);
      }, 1);
      const { record } = await run();
      clearInterval(lose);
      const [counted] = record.visits.flatMap(({ counters }) => counters.map((one) => one.counters));
      assert.ok((counted?.['lost-lines'] ?? 0) > 0, JSON.stringify(counted));
    });

    const unattested: [string, PvdrmFaults, RegExp][] = [
      [
        'nouveau does not drive the GPU',
        { driver: 'vfio-pci' },
        /void: .*dom0: nouveau drives the GPU \(vfio-pci\)/,
      ],
      [
        'the guest has an NVIDIA device',
        { passedThrough: true },
        /void: .*no NVIDIA device of its own \(\/sys/,
      ],
      [
        'the guest is a PV guest',
        { translated: false },
        /void: .*not a PV guest \(Xen’s features 0000070b\)/,
      ],
      ['counter-ref has gone', { losesRing: true }, /void: .*connected \(.*counter-ref .*couldn't read/],
      [
        'its main loop has ended',
        { loopEndsAfter: 2 },
        /void: .*main loop runs \(.*“End main loop.” is the last/,
      ],
      ['its front-end ignores its options', { ignoresOptions: true }, /void: .*cache=1 \(0\)/],
    ];
    for (const [what, faults, told] of some(unattested))
      it(`is not attested where ${what}`, async () => {
        const modes = `${NATIVE}\n  pvdrm: { use: pvdrm, on: guest1, cache: true }`;
        const made = await runWith(faults, { modes });
        assert.equal(made.exitCode, 4);
        assert.deepEqual(reasons(made, 'native').length, faults.driver === undefined ? 0 : 1);
        assert.match(reasons(made, 'pvdrm').join('\n'), told);
        assertPutBack();
      });

    const unentered: [string, PvdrmFaults, RegExp][] = [
      ['its back-end does not load', { noBack: true }, /could not be entered: .*Exec format error/s],
      [
        'its back-end finds no counter-ref',
        { noRing: true },
        /could not be entered: .*should reach 4: 2 reading counter-ref/s,
      ],
      ['its front-end is loaded already', { atBoot: true }, /could not be entered: .*already loaded/s],
    ];
    for (const [what, faults, told] of some(unentered))
      it(`is not entered where ${what}`, async () => {
        const made = await runWith(faults);
        assert.equal(made.exitCode, 4);
        assert.match(reasons(made, 'pvdrm').join('\n'), told);
        if (faults.atBoot !== true) assertPutBack();
      });

    whenAll(
      'leaves a guest alone whose back-end does not stop, and the mode with it, until it is restored',
      async () => {
        const { exitCode, directory, record, ...made } = await runWith({ stuck: true }, { blocks: 2 });
        assert.equal(exitCode, 4);
        assert.match(reasons(made, 'pvdrm').join('\n'), /skipped: .*still changed/);
        assert.ok(
          record.incidents.some(({ text }) =>
            /does not stop serving guest1.*can crash this host/s.test(text),
          ),
        );
        assert.ok(record.pendingUndo.size > 0);
        assert.equal(xen.host.crashed, undefined);
        pvdrm.faults = {};
        pvdrm.stop('guest1');
        const restored = await restoreRun(directory);
        assert.deepEqual(
          restored.filter(({ ok }) => !ok),
          [],
        );
        assertPutBack();
      },
    );
  });
}
