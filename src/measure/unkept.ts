import { messageOf } from '../problem.ts';

/** The journal can't be written, so that nothing more is to be measured; the reason that a session is interrupted for. */
export class Unkept extends Error {
  constructor(cause: unknown) {
    super(messageOf(cause), { cause });
  }
}

/** The session ends for that reason: what the guests keep of their trials is all that there is of it, and stays. */
export function endsUnkept({ reason }: AbortSignal): boolean {
  return reason instanceof Unkept;
}
