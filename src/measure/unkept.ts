import { messageOf } from '../problem.ts';

/** The journal can't be written, so that nothing more is to be measured; the reason that a session is interrupted for. */
export class Unkept extends Error {
  /** Another session can go on, once there is room. */
  readonly resumable: boolean;

  constructor(cause: unknown, resumable: boolean) {
    super(messageOf(cause), { cause });
    this.resumable = resumable;
  }
}

/** A session that ends for that reason leaves what the guests keep of its trials to the next one: there is no more of it. */
export function leavesResults({ reason }: AbortSignal): boolean {
  return reason instanceof Unkept && reason.resumable;
}

/** There will be no next session. */
export function isLast({ reason }: AbortSignal): boolean {
  return reason instanceof Unkept && !reason.resumable;
}
