import { messageOf } from '../problem.ts';

/**
 * The journal can't be written, so that nothing more is to be measured. What the guests keep of their trials is then all
 * that there is of it.
 */
export class Unkept extends Error {
  /** Another session can go on, once there is room: results are left to it. Else this session is the last. */
  readonly resumable: boolean;

  constructor(cause: unknown, resumable: boolean) {
    super(messageOf(cause), { cause });
    this.resumable = resumable;
  }
}
