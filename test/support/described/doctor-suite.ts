/** Suites of set-ups that are broken in one way each: doctor names it, and its remedy fixes it. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { seeded } from '../../../src/statistics/prng.ts';
import { breakagesOf } from './breakages.ts';
import { PassthroughSetUp, PvdrmSetUp, XengtSetUp } from './set-up.ts';

/** `DOCTOR_SEED=7 DOCTOR_BROKEN=100` for others, and for all there are. */
const SEED = Number(process.env['DOCTOR_SEED'] ?? 1);

/** @param count How many are drawn, unless DOCTOR_BROKEN is set. */
export function describeDoctor(count: number): void {
  const broken = Number(process.env['DOCTOR_BROKEN'] ?? count);
  describe(`doctor, of set-ups of seed ${SEED}`, () => {
    const [pvdrm, xengt, passthrough] = [new PvdrmSetUp(), new XengtSetUp(), new PassthroughSetUp()];
    const random = seeded(SEED);
    const draw = <T>(from: readonly T[]): T => {
      const one = from[random.uint32() % from.length];
      if (one === undefined) throw new Error('nothing to draw from');
      return one;
    };

    for (const [name, setUp] of Object.entries({ PVDRM: pvdrm, XenGT: xengt, 'pass-through': passthrough }))
      it(`finds nothing amiss with a healthy one of ${name}, and changes nothing`, async () => {
        setUp.renew();
        await setUp.xen.ready();
        const { host } = setUp.xen;
        const before = host.store.toString();
        const asked = host.asked.length;
        assert.deepEqual(await setUp.amiss(), []);
        assert.deepEqual(
          [host.store.toString(), [...host.dom0.modules.keys()].includes('pvdrm_back')],
          [before, false],
        );
        const changing =
          /xenstore-(write|rm|chmod)|modprobe (?!-n)|xl (create|shutdown|destroy|pci-a)|tee|mount|reboot/;
        assert.deepEqual(
          host.asked.slice(asked).filter((command) => changing.test(command)),
          [],
        );
      });

    const left = breakagesOf(pvdrm, xengt, passthrough);
    for (let drawn = 0; drawn < broken && left.length > 0; drawn++) {
      const breakage = draw(left);
      left.splice(left.indexOf(breakage), 1);
      it(`names ${breakage.name}, and heals it`, async () => {
        const { setUp } = breakage;
        setUp.renew();
        const named = await breakage.breaks(draw);
        await setUp.xen.ready();
        const amiss = await setUp.amiss();
        const [one, ...others] = amiss;
        assert.ok(one !== undefined, 'something is amiss');
        assert.deepEqual(others, [], 'and nothing besides');
        assert.equal(one.target, named.target);
        assert.match(one.found, named.found);
        assert.ok(one.remedy !== undefined, one.next);
        assert.ok(one.next?.includes('run' in one.remedy ? one.remedy.run : one.remedy.key), one.next);
        await setUp.apply(one.remedy, named.known);
        assert.deepEqual(await setUp.amiss(), [], JSON.stringify(one.remedy));
      });
    }
  });
}
