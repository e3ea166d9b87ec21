/**
 * What prevents a GPU from being passed through, checked beforehand. Source: as for devices.ts and
 * evidence.ts.
 */
import { XEN_FACTS, examineXen, isAsked, xenIsFine } from '../../power/xen.ts';
import { type Examined, type Look, amiss, fine } from '../../words/examined.ts';
import { quote } from '../../words/quote.ts';
import { type Facts, factsOf, listOf } from '../facts.ts';
import { hostOf } from '../host.ts';
import type { Site } from '../mode.ts';
import { powerAt } from '../powered.ts';
import { pciDevice } from '../sysfs.ts';
import { VFIO_FACTS, examineVfio } from '../vfio-look.ts';
import { configFacts, reconfigure, typeOf } from '../xl-config.ts';
import { addressesOf, lostByReset } from './devices.ts';
import { hostScript } from './evidence.ts';
import type { PassthroughSpec } from './kind.ts';

const OF_XEN = String.raw`${XEN_FACTS}
printf 'directio\t%s\n' "$(xl info 2>/dev/null | sed -n 's/^virt_caps *: *//p')"
[ -e /sys/bus/pci/drivers/pciback ] && printf 'pciback\tyes\n'`;

/** Guests that have it. Domain-0 is not asked. */
const others = (domain: string, device: string) =>
  String.raw`printf 'others\t%s\n' "$(xl list 2>/dev/null | awk 'NR > 1 && $2 > 0 { print $1 }' | while read -r vgb_n; do
  [ "$vgb_n" = ${quote(domain)} ] || ! xl pci-list "$vgb_n" 2>/dev/null | grep -qwF ${device} || printf '%s ' "$vgb_n"
done)"`;

/** @throws LinkLost */
export async function examinePassthrough(
  name: string,
  spec: PassthroughSpec,
  site: Site,
): Promise<Examined[]> {
  const host = hostOf(site);
  const isXen = powerAt(site).holder === 'pciback';
  const at = pciDevice(spec.device);
  const facts = await factsOf(
    host,
    `${isXen ? `${OF_XEN}\n${others(site.domain, spec.device)}\n${configFacts(site.power, ['type', 'builder', 'pci'])}` : VFIO_FACTS}
printf 'class\\t%s\\n' "$(cat ${at}/class 2>/dev/null)"
printf 'reset\\t%s\\n' "$(cat ${at}/reset_method 2>/dev/null)"
${hostScript(site, spec, '-1')}`,
  );
  const looks = (of: Look[]) => of.map((look) => ({ target: host.name, ...look }));
  if (isXen && !isAsked(facts)) return looks(examineXen(facts, host.name, site.guest.name));
  const device = theDevice(name, spec, facts);
  if (!device.ok) return looks([...(isXen ? xenIsFine(facts) : []), device]);
  return looks([
    device,
    ...(isXen ? ofXen(site, spec, facts) : ofVfio(name, spec, host.name, facts)),
    ...(spec.reset === undefined ? [] : [resetMethod(name, spec.reset, facts)]),
  ]);
}

/**
 * PCI classes that are certainly not GPUs: disks, network cards, sound, bridges, serial ports, USB. Most GPUs
 * are of class 03 or 12, but not all: a GPU that shares its memory may be a memory controller.
 */
const NO_GPU = /^0x(01|02|04|06|07|0c)/;

function theDevice(name: string, { device }: PassthroughSpec, facts: Facts): Look {
  const what = `${device} is a GPU`;
  const key = { key: `modes.${name}.device`, value: undefined };
  const found = facts.get('class') ?? '';
  if (found !== '' && !NO_GPU.test(found)) return fine(what, `class ${found}`);
  return amiss(
    what,
    found === '' ? 'no such PCI device' : `class ${found}`,
    'set the GPU’s address (to find it: lspci -Dnn)',
    key,
  );
}

function ofXen(site: Site, spec: PassthroughSpec, facts: Facts): Look[] {
  const on = hostOf(site).name;
  const caps = facts.get('directio') ?? '';
  const [iommu, pciback] = ['Xen has an IOMMU', 'dom0 has pciback'];
  const owners = (facts.get('others') ?? '').trim();
  return [
    ...xenIsFine(facts),
    caps.includes('_directio')
      ? fine(iommu, `virt_caps ${caps}`)
      : amiss(iommu, `virt_caps ${caps || 'not reported'}`, 'enable VT-d or AMD-Vi in its firmware'),
    facts.get('pciback') === 'yes'
      ? fine(pciback, '/sys/bus/pci/drivers/pciback exists')
      : amiss(pciback, 'no /sys/bus/pci/drivers/pciback', 'load it', { on, run: 'modprobe xen-pciback' }),
    type(site, facts),
    owners === ''
      ? fine('no other guest has it', 'none')
      : amiss(
          'no other guest has it',
          owners,
          `shut that guest down, or remove ${spec.device} from its xl.cfg`,
        ),
  ];
}

function type({ power, domain, ...site }: Site, facts: Facts): Look {
  const what = `${domain} is of a type that supports pass-through`;
  const found = typeOf(facts);
  if (found !== 'pvh') return fine(what, found);
  const isOn = (facts.get('has') ?? '') === 'yes';
  return amiss(
    what,
    'pvh: Xen does not support this yet',
    'make it an HVM guest',
    reconfigure(hostOf({ domain, ...site }).name, power, facts, ['type', 'builder'], ['type = "hvm"'], isOn),
  );
}

function ofVfio(name: string, spec: PassthroughSpec, on: string, facts: Facts): Look[] {
  const group = listOf(facts.get('group'));
  const own = addressesOf(spec);
  const missing = group.filter(
    ([address = '', driver = '']) => !own.includes(address) && !['', 'vfio-pci'].includes(driver),
  );
  const whole = 'its whole IOMMU group goes with it';
  const reset = 'it survives its reset between guests';
  const lost = lostByReset((facts.get('ids') ?? '').trim(), 'vfio-pci');
  const looks = examineVfio(facts, on, group.length > 0);
  if (looks.some(({ ok }) => !ok)) return looks;
  return [
    ...looks,
    missing.length === 0
      ? fine(whole, group.map(([address]) => address).join(', '))
      : amiss(
          whole,
          missing.map(([address = '', driver = '']) => `${address} is bound to ${driver}`).join(', '),
          'add them to the mode',
          {
            key: `modes.${name}.with`,
            value: `[${[...spec.with, ...missing.map(([address = '']) => address)].map((one) => `'${one}'`).join(', ')}]`,
          },
        ),
    lost === undefined || spec.allow === 'host-reset'
      ? fine(reset, lost === undefined ? 'no known problem' : `${lost}, permitted by allow: host-reset`)
      : amiss(reset, `${lost}: it is known not to`, 'pass a virtual function through, or accept the risk', {
          key: `modes.${name}.allow`,
          value: 'host-reset',
        }),
  ];
}

function resetMethod(name: string, wanted: string, facts: Facts): Look {
  const what = `it can be reset by ${wanted}`;
  const ways = (facts.get('reset') ?? '').split(' ').filter((way) => way !== '');
  if (ways.includes(wanted)) return fine(what, ways.join(' '));
  return amiss(what, `reset_method has ${ways.join(' ') || 'nothing'}`, 'use one of those, or none', {
    key: `modes.${name}.reset`,
    value: ways[0],
  });
}
