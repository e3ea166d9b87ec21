import { messageOf } from '../problem.ts';

/**
 * The journal can't be written, so nothing more must be measured. What the guests keep of their trials is
 * then all there is.
 */
export class Unkept extends Error {
  /**
   * Another session can continue once there is space: results are left to it. Otherwise this session is the
   * last.
   */
  readonly resumable: boolean;

  constructor(cause: unknown, resumable: boolean) {
    super(messageOf(cause), { cause });
    this.resumable = resumable;
  }
}
