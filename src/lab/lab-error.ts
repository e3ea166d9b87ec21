/** An error of the lab's own: a stable code, what happened, and what to do next. */
export type LabErrorCode =
  'lab-tools-missing' | 'lab-packages' | 'lab-build' | 'lab-boot' | 'lab-running' | 'lab-state';

export class LabError extends Error {
  override readonly name = 'LabError';
  readonly code: LabErrorCode;

  constructor(code: LabErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
