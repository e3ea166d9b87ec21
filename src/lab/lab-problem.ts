/** Something that can't be done in the lab: a Problem, with the advice that usually helps for its code. */
import { Problem, type ProblemText } from '../problem.ts';

const NEXT = {
  'VGB-LAB-TOOLS': 'install the missing tools (vgpubench doctor shows how), then: vgpubench lab up',
  'VGB-LAB-PACKAGES':
    'check that the mirror can be reached, or choose another: vgpubench lab up --mirror URL',
  'VGB-LAB-BUILD':
    'fix the compiler errors above (vgpubench doctor lists what is missing), then: vgpubench lab up',
  'VGB-LAB-KEYS': 'make sure that the folder is writable and its disk is not full, then: vgpubench lab up',
  'VGB-LAB-BOOT':
    'try again, with less load on this machine and about 2 GiB of free memory: vgpubench lab up',
  'VGB-LAB-IN-USE': 'wait until it is free; to check: vgpubench lab status',
  'VGB-LAB-NAME': 'choose another name; to list the existing ones: vgpubench lab status --all',
  'VGB-LAB-SNAPSHOT': 'to list snapshots: vgpubench lab snapshots',
  'VGB-LAB-STATE': 'vgpubench lab down, then: vgpubench lab up',
} as const;

export type LabProblemCode = keyof typeof NEXT;

/** @param text Its `next` overrides the usual advice. */
export function labProblem(code: LabProblemCode, text: Omit<ProblemText, 'code' | 'exitCode'>): Problem {
  return new Problem({ ...text, code, next: text.next ?? NEXT[code], exitCode: 4 });
}
