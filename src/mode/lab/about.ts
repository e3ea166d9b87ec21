import type { ModeAbout } from '../kind.ts';

const ON_BOTH_SIDES = [
  'dom0 serves this boundary to this guest and to no other, and pauses all others',
  'the program that serves it runs, with the settings that were asked for',
  'the guest is a PVH guest of Xen, and its runtime uses this boundary',
  'what its trials crossed, dom0 served, kind by kind',
];

export const LAB_NOT_UP = {
  told: 'FILE runs in the embedded lab, which is not up',
  next: 'vgpubench lab run FILE brings it up for the run; vgpubench lab up keeps it',
};

const FAILURES = [
  LAB_NOT_UP,
  {
    told: 'a guest does not answer',
    next: 'nothing: it is destroyed and made anew, once per stay, and the trials go on',
  },
  {
    told: 'not attested: the counters of guest and dom0 differ',
    next: 'look at what else used the GPU meanwhile: the trials between the two readings are void',
  },
];

/** What is told of a boundary that dom0 makes. @param proof What proves this one beyond all of them. */
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
