import { type Examined, amiss, fine } from '../../words/examined.ts';
import { driverFacts, examineDriver } from '../driver.ts';
import { factsOf } from '../facts.ts';
import type { Finding, Site } from '../mode.ts';
import type { NativeSpec } from './kind.ts';

/** Everything that attests it, with fixes. @param below signs of a hypervisor @throws LinkLost */
export async function examineNative(
  name: string,
  spec: NativeSpec,
  { guest }: Site,
  below: Finding,
): Promise<Examined[]> {
  const { driver, device = '/dev/dri/card0' } = spec;
  const hypervisor = below.ok
    ? fine(below.claim, below.evidence)
    : amiss(
        below.claim,
        below.evidence,
        'boot it without one; or, if the baseline is itself a guest or a dom0',
        {
          key: `modes.${name}.hypervisor`,
          value: 'allowed',
        },
      );
  const wanted = driver === undefined ? undefined : { device, driver, vendor: '' };
  const looks = [
    hypervisor,
    ...(wanted === undefined
      ? []
      : [
          examineDriver(
            guest.name,
            await factsOf(guest, `${driverFacts(wanted)}\n:`),
            wanted,
            `modes.${name}.device`,
          ),
        ]),
  ];
  return looks.map((look) => ({ target: guest.name, ...look }));
}
