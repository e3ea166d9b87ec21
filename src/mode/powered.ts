/** What modes do to guests through their hosts: the changes, for the caller to journal and make. */
import { Problem } from '../problem.ts';
import type { Power } from '../power/power.ts';
import { hostOf } from './host.ts';
import type { Change, Site } from './mode.ts';

/** How the guest is powered, according to the experiment file. @throws Problem if it does not say. */
export function powerAt({ guest, power }: Site): Power {
  if (power !== undefined) return power;
  throw new Problem({
    code: 'VGB-MODE-POWER',
    message: `${guest.name} can’t be started or stopped`,
    expected: `the key power in targets.${guest.name}`,
    found: 'none',
    next: 'set how its host powers it, such as power: { use: xl, config: /etc/xen/guest1.cfg }',
  });
}

/** Starts a guest that is off; it is shut down again when the mode is left. */
export async function startWhereOff(site: Site): Promise<Change[]> {
  const host = hostOf(site);
  const { running, start, shutdown } = powerAt(site);
  const { exitCode } = await host.run(running);
  if (exitCode === 0) return [];
  return [
    {
      target: host.name,
      script: start,
      undo: { target: host.name, script: shutdown },
      power: { of: site.guest.name, action: 'start' },
    },
  ];
}

/**
 * Shuts a guest down, or ends it if that fails, and starts it.
 * @param end how to end it, and `start` how to start it, if that takes more than its power says
 */
export function powerCycle(site: Site, end = powerAt(site).shutdown, start = powerAt(site).start): Change[] {
  const target = hostOf(site).name;
  const of = site.guest.name;
  return [
    {
      target,
      script: end,
      undo: { target, script: powerAt(site).start },
      power: { of, action: 'stop' },
    },
    { target, script: start, undo: undefined, power: { of, action: 'start' } },
  ];
}
