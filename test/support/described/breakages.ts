/** How set-ups are broken, in every way that is listed. */
import type { Breakage, Draw } from './breakage.ts';
import { onPassthrough } from './breakages-passthrough.ts';
import { onPvdrm } from './breakages-pvdrm.ts';
import { onXengt } from './breakages-xengt.ts';
import type { PassthroughSetUp, PvdrmSetUp, SetUp, XengtSetUp } from './set-up.ts';

/** Every way, with the set-up that it breaks. */
export function breakagesOf(pvdrm: PvdrmSetUp, xengt: XengtSetUp, passthrough: PassthroughSetUp) {
  const of = <S extends SetUp>(setUp: S, system: string, list: readonly Breakage<S>[]) =>
    list.map(({ name, breaks }) => ({
      name: `${name}, with ${system}`,
      setUp: setUp,
      breaks: (draw: Draw) => breaks(setUp, draw),
    }));
  return [
    ...of(pvdrm, 'PVDRM', onPvdrm),
    ...of(xengt, 'XenGT', onXengt),
    ...of(passthrough, 'pass-through', onPassthrough),
  ];
}
