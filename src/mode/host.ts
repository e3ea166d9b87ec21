import { Problem } from '../problem.ts';
import type { Place, Site } from './mode.ts';

/** The guest's host, as the experiment file names it. @throws Problem without one. */
export function hostOf({ guest, host }: Site): Place {
  if (host !== undefined) return host;
  throw new Problem({
    code: 'VGB-MODE-HOST',
    message: `${guest.name} has no host to run commands on`,
    expected: `the key host in targets.${guest.name}`,
    found: 'none',
    next: 'set it: the mode is set up on the host',
  });
}
