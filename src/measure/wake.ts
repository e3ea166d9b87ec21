import type { Change, Mode, Site } from '../mode/mode.ts';
import { powerCycle } from '../mode/powered.ts';
import type { PendingUndo } from '../record/run-record.ts';
import { LinkLost } from '../target/link.ts';
import type { Target } from '../target/target.ts';
import { awaitBoot } from './boot.ts';
import { makeIn } from './changes.ts';
import { reach } from './greet.ts';
import { climb } from './ladder.ts';
import { type Placed, linkIncident } from './sites.ts';
import type { VisitContext } from './visit-context.ts';

type WakeContext = Pick<VisitContext, 'mode' | 'targets' | 'emit' | 'greet' | 'interrupt'>;

/**
 * Makes the mode's guests answer: paused ones are woken, and those that still don't answer are restarted,
 * once.
 * @param waking What wakes them.
 */
export async function wake(
  sites: readonly Placed[],
  waking: readonly Change[],
  context: WakeContext,
  awake: PendingUndo[],
): Promise<void> {
  const { mode } = context;
  const guests = sites.map(({ target }) => target);
  const sleeps = mode.wake !== undefined;
  if (!sleeps && sites.every(({ site }) => site.power === undefined)) {
    await reachAll(guests, context);
    return;
  }
  const places = sites.map(({ site }) => site);
  await reachAll(
    sites.flatMap(({ host }) => host ?? []),
    context,
  );
  await makeIn(waking, context, awake);
  try {
    if (mode.restarts === true || waking.some(({ power }) => power?.action === 'start'))
      await awaitBoot(sites, context);
    // Nobody has contacted them since, so earlier knowledge about them is obsolete.
    await reachAll(guests, context, true);
  } catch (error) {
    const anew = mode.revive ?? cycled(places);
    if (anew === undefined || !(error instanceof LinkLost) || context.interrupt.aborted) throw error;
    const text = `${guests.map(({ name }) => name).join(', ')}: no answer (${error.found ?? error.message}); restarting`;
    context.emit({ type: 'incident', kind: 'recovery', target: null, trial: null, text });
    await climb({ rung: 'restart-guests', mode: mode.name, trial: null }, context.emit, async () => {
      await makeIn(await anew(places), context, awake);
      if (mode.restarts !== true) await makeIn(waking, context, awake);
      await awaitBoot(sites, context);
      await Promise.all(guests.map(context.greet));
    });
  }
}

/** What restarts guests that their hosts can start and stop; undefined if one of them can't be. */
function cycled(places: readonly Site[]): Mode['revive'] {
  if (places.some(({ power }) => power === undefined)) return undefined;
  return (sites) => Promise.resolve(sites.flatMap((site) => powerCycle(site)));
}

/** @param asleep They were paused until now, so earlier knowledge about them is obsolete. */
async function reachAll(targets: readonly Target[], context: WakeContext, asleep = false): Promise<void> {
  await Promise.all(
    [...new Set(targets)].map(async (target) => {
      // It gets its next chance in the next block.
      if (!asleep && target.unreachable !== undefined) throw target.unreachable;
      await reach(target, context.greet, (error) => {
        linkIncident(target, error, context.emit);
      });
    }),
  );
}
