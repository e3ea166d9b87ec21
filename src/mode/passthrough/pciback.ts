/** PCI devices that dom0 reserves for guests of Xen. Source: xl(1) of Xen 4.17, and its tools/xl/xl_pci.c. */
import { driverOf } from '../sysfs.ts';

/**
 * Takes it from its driver, which xl remembers. Even bound to pciback it may be refused, for instance without
 * an IOMMU.
 */
export function makeAssignable(address: string): string {
  return `[ "$(${driverOf(address)})" = pciback ] || xl pci-assignable-add ${address}`;
}

/** Returns it to that driver. */
export function giveBack(address: string): string {
  return `[ "$(${driverOf(address)})" != pciback ] || xl pci-assignable-remove -r ${address}`;
}
