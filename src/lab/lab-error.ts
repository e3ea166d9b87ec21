/** An error of the lab's own: a stable code, what happened, and what to do next. */
export type LabErrorCode =
  'lab-tools-missing' | 'lab-packages' | 'lab-build' | 'lab-keys' | 'lab-boot' | 'lab-in-use' | 'lab-state';

/** What helps in most cases of a code; an error may know better. */
const NEXT: Readonly<Record<LabErrorCode, string>> = {
  'lab-tools-missing': 'install what is missing, then: vgpubench lab up',
  'lab-packages': 'on Debian 12, apt-get update, then: vgpubench lab up',
  'lab-build':
    'see to what the compiler says above (it needs gcc, make and libc6-dev), then: vgpubench lab up',
  'lab-keys': 'see that the folder can be written to and its disk is not full, then: vgpubench lab up',
  'lab-boot': 'vgpubench lab up once more, with less running beside it and some 2 GiB of memory free',
  'lab-in-use': 'wait for it: vgpubench lab status tells how it is',
  'lab-state': 'vgpubench lab down, then: vgpubench lab up',
};

export class LabError extends Error {
  override readonly name = 'LabError';
  readonly code: LabErrorCode;
  readonly next: string;

  constructor(code: LabErrorCode, message: string, options: ErrorOptions & { next?: string } = {}) {
    super(message, options);
    this.code = code;
    this.next = options.next ?? NEXT[code];
  }
}
