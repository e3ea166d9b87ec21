/** What can't be done in the lab: a Problem, with what helps in most cases of its code. */
import { Problem, type ProblemText } from '../problem.ts';

const NEXT = {
  'VGB-LAB-TOOLS': 'install what is missing (vgpubench doctor tells how), then: vgpubench lab up',
  'VGB-LAB-PACKAGES': 'see that the mirror can be reached, or name another: vgpubench lab up --mirror URL',
  'VGB-LAB-BUILD':
    'see to what the compiler says above (vgpubench doctor tells what it lacks), then: vgpubench lab up',
  'VGB-LAB-KEYS': 'see that the folder can be written to and its disk is not full, then: vgpubench lab up',
  'VGB-LAB-BOOT': 'vgpubench lab up once more, with less running beside it and some 2 GiB of memory free',
  'VGB-LAB-IN-USE': 'wait for it: vgpubench lab status tells how it is',
  'VGB-LAB-NAME': 'choose another one; vgpubench lab status --all lists those there are',
  'VGB-LAB-SNAPSHOT': 'vgpubench lab snapshots lists what there is',
  'VGB-LAB-STATE': 'vgpubench lab down, then: vgpubench lab up',
} as const;

export type LabProblemCode = keyof typeof NEXT;

/** @param text Its `next` where that is known better. */
export function labProblem(code: LabProblemCode, text: Omit<ProblemText, 'code' | 'exitCode'>): Problem {
  return new Problem({ ...text, code, next: text.next ?? NEXT[code], exitCode: 4 });
}
