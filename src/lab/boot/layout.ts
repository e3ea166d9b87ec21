/** The machines of a lab, and their addresses in their box's network. */
import { availableParallelism } from 'node:os';
import { labProblem } from '../lab-problem.ts';

export const GUESTS_MAX = 7;

export interface LabLayout {
  bare: boolean;
  /** Xen domain names: g1, g2, ..., and p1 if the GPU can be passed through. */
  guests: string[];
  /**
   * Whether the Xen box has an IOMMU, so that Xen can pass PCI devices through, and the PV guest p1 to
   * receive one.
   */
  pci: boolean;
  /** SSH aliases: lab-bare, lab-dom0, lab-g1, ... */
  aliases: string[];
  /**
   * Virtual CPUs for guests, one each as far as the host has cores in addition to dom0’s; further guests
   * share them in turn.
   */
  guestCpus: number;
}

export const BOX_ADDRESS = '10.0.2.15';

/**
 * A PV guest, because Xen does not support pass-through for PVH guests. It is off until it is given a device.
 */
export const PCI_GUEST = 'p1';

/** By name, independent of which guests exist: init-dom0 uses the same. */
export function guestAddress(name: string): string {
  return `10.0.2.${20 + (name === PCI_GUEST ? GUESTS_MAX + 1 : Number(name.slice(1)))}`;
}

export interface WantedLayout {
  guests: number;
  bare: boolean;
  pci: boolean;
  /** Of the host. */
  cores?: number | undefined;
}

export function layoutOf({ guests, bare, pci, cores = availableParallelism() }: WantedLayout): LabLayout {
  if (!Number.isInteger(guests) || guests < 0 || guests > GUESTS_MAX)
    throw labProblem('VGB-LAB-STATE', {
      message: 'the GPU of the lab does not have enough slices for that many guests',
      expected: `0 to ${GUESTS_MAX} guests`,
      found: String(guests),
      next: `vgpubench lab up --guests ${GUESTS_MAX}, or fewer`,
    });
  const names = [
    ...Array.from({ length: guests }, (_, index) => `g${index + 1}`),
    ...(pci ? [PCI_GUEST] : []),
  ];
  const aliases = [
    ...(bare ? ['lab-bare'] : []),
    ...(names.length > 0 ? ['lab-dom0', ...names.map((name) => `lab-${name}`)] : []),
  ];
  return { bare, guests: names, pci, aliases, guestCpus: Math.max(1, Math.min(names.length, cores - 1)) };
}
