/** Which machines a lab has, and where they are in their box's network. */
import { availableParallelism } from 'node:os';
import { labProblem } from '../lab-problem.ts';

export const GUESTS_MAX = 7;

export interface LabLayout {
  bare: boolean;
  /** Xen domain names: g1, g2, ... */
  guests: string[];
  /** SSH aliases: lab-bare, lab-dom0, lab-g1, ... */
  aliases: string[];
  /** Virtual CPUs for guests, one each as far as the host has cores beside dom0’s; guests beyond share them in turn. */
  guestCpus: number;
}

export const BOX_ADDRESS = '10.0.2.15';

export function guestAddress(index: number): string {
  return `10.0.2.${21 + index}`;
}

export function layoutOf(guests: number, bare: boolean, cores = availableParallelism()): LabLayout {
  if (!Number.isInteger(guests) || guests < 0 || guests > GUESTS_MAX)
    throw labProblem('VGB-LAB-STATE', {
      message: 'the GPU of the lab has no slices for so many guests',
      expected: `0 to ${GUESTS_MAX} guests`,
      found: String(guests),
      next: `vgpubench lab up --guests ${GUESTS_MAX}, or fewer`,
    });
  const names = Array.from({ length: guests }, (_, index) => `g${index + 1}`);
  const aliases = [
    ...(bare ? ['lab-bare'] : []),
    ...(guests > 0 ? ['lab-dom0', ...names.map((name) => `lab-${name}`)] : []),
  ];
  return { bare, guests: names, aliases, guestCpus: Math.max(1, Math.min(guests, cores - 1)) };
}
