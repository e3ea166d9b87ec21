import { Problem } from '../problem.ts';

/** There is no space for a trial's results in the guest's directory for them. */
export class NoRoom extends Problem {}

export function noRoom(found: string): NoRoom {
  return new NoRoom({
    code: 'VGB-GUEST-ROOM',
    message: 'no space for results on the target',
    expected: 'free space in the target’s directory for trials',
    found,
    next: 'free some space there; the next trial tries other directories by itself',
    exitCode: 4,
  });
}
