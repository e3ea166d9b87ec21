/** What a host lacks for VFIO, checked beforehand. Source: as for vfio.ts. */
import { notRoot } from '../power/xen.ts';
import { type Look, amiss, fine } from '../words/examined.ts';
import type { Facts } from './facts.ts';
import { kernelParameter } from './xl-config.ts';

/** Facts; the mode’s own facts show whether the device has an IOMMU group. */
export const VFIO_FACTS = String.raw`printf 'uid\t%s\n' "$(id -u)"
grep -q GenuineIntel /proc/cpuinfo && printf 'cpu\tintel\n'
{ [ -e /sys/bus/pci/drivers/vfio-pci ] || modinfo vfio-pci >/dev/null 2>&1; } && printf 'vfio\tyes\n'`;

/** @param isGrouped whether the device is in an IOMMU group, which requires that an IOMMU is on */
export function examineVfio(facts: Facts, on: string, isGrouped: boolean): Look[] {
  const uid = facts.get('uid');
  if (uid !== '0') return [notRoot(uid, on)];
  const what = 'an IOMMU is on';
  const firmware = 'enable VT-d or AMD-Vi in its firmware';
  const parameter = {
    on,
    run: kernelParameter('intel_iommu=on'),
  };
  return [
    isGrouped
      ? fine(what, 'it has an IOMMU group')
      : facts.get('cpu') === 'intel'
        ? amiss(what, 'no IOMMU group', `${firmware}, and boot Linux with intel_iommu=on`, parameter)
        : amiss(what, 'no IOMMU group', firmware),
    facts.get('vfio') === 'yes'
      ? fine('its kernel has vfio-pci', 'yes')
      : amiss('its kernel has vfio-pci', 'no such module', 'boot it with a kernel that has CONFIG_VFIO_PCI'),
  ];
}
