import type { ModeAbout } from '../kind.ts';

const ON_BOTH_SIDES = [
  'dom0 serves this boundary to this guest only, and all other guests are paused',
  'the serving program runs, with the requested settings',
  'the guest is a PVH guest of Xen, and its runtime uses this boundary',
  'dom0 served all crossings of its trials, kind by kind',
];

export const LAB_NOT_UP = {
  told: 'FILE runs in the embedded lab, which is not up',
  next: 'start the lab for this run: vgpubench lab run FILE; or start it separately: vgpubench lab up',
};

const FAILURES = [
  LAB_NOT_UP,
  {
    told: 'a guest does not answer',
    next: 'nothing: it is destroyed and recreated, once per stay, and the trials continue',
  },
  {
    told: 'not attested: the counters of guest and dom0 differ',
    next: 'find out what else used the GPU; the trials between the two readings are void',
  },
];

/**
 * Describes a boundary provided by dom0. @param proof What proves this one, in addition to what proves all of
 * them.
 */
export function labAbout(use: string, proof: string, options: object = {}): ModeAbout {
  return {
    attested: [...ON_BOTH_SIDES, proof],
    fails: FAILURES,
    example: {
      targets: { bare: { lab: 'bare' }, dom0: { lab: 'dom0' }, g1: { lab: 'g1', host: 'dom0' } },
      modes: {
        native: { use: 'lab-native', on: 'bare' },
        [use.replace('lab-', '')]: { use, on: 'g1', ...options },
      },
    },
  };
}
