import type { Experiment } from './schema.ts';

/** What an experiment needs of the embedded lab. */
export interface LabNeeds {
  /** Guests g1 to g7, up to the highest one it names. */
  guests: number;
  bare: boolean;
  /** Whether it names p1, the guest for GPU pass-through. */
  pci: boolean;
}

/** Undefined if the experiment does not use the lab. */
export function labNeeds({ targets }: Experiment): LabNeeds | undefined {
  const machines = Object.values(targets).flatMap(({ lab }) => lab ?? []);
  if (machines.length === 0) return undefined;
  const guests = machines.map((machine) => Number(/^g(\d)$/.exec(machine)?.[1] ?? 0));
  const pci = machines.includes('p1');
  // dom0 needs at least one guest in its machine.
  const least = machines.includes('dom0') && !pci ? 1 : 0;
  return { guests: Math.max(least, ...guests), bare: machines.includes('bare'), pci };
}
