import { Problem } from '../problem.ts';

/** There is no room for a trial's results where they are kept in the guest. */
export class NoRoom extends Problem {}

export function noRoom(found: string): NoRoom {
  return new NoRoom({
    code: 'VGB-GUEST-ROOM',
    message: 'no room for results on the target',
    expected: 'room where trials keep their files there',
    found,
    next: 'free room there; the next trial looks for another place by itself',
    exitCode: 4,
  });
}
