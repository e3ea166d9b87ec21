import { setTimeout as sleep } from 'node:timers/promises';
import type { Change } from '../mode/mode.ts';
import type { PendingUndo } from '../record/run-record.ts';
import { LinkLost } from '../target/link.ts';
import type { Target } from '../target/target.ts';
import { makeIn } from './changes.ts';
import { reach } from './greet.ts';
import { type Placed, linkIncident } from './sites.ts';
import type { VisitContext } from './visit-context.ts';

type WakeContext = Pick<VisitContext, 'mode' | 'targets' | 'emit' | 'greet' | 'interrupt'>;

/**
 * Has the mode's guests answer: those that sleep are woken, and those that still don't are made anew, once.
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
  if (mode.wake === undefined) {
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
    await reachAll(guests, context, true);
  } catch (error) {
    if (mode.revive === undefined || !(error instanceof LinkLost)) throw error;
    const text = `${guests.map(({ name }) => name).join(', ')}: no answer (${error.found ?? error.message}), so made anew`;
    context.emit({ type: 'incident', kind: 'recovery', target: null, trial: null, text });
    await makeIn(await mode.revive(places), context, awake);
    await makeIn(waking, context, awake);
    await awaitBoot(guests, context);
  }
}

/** What starts a guest need not wait until it is up. */
const BOOT_MS = 120_000;
const BOOT_POLL_MS = 500;

/** @throws LinkLost where they don't answer in time, or the user does not wait for it. */
async function awaitBoot(guests: readonly Target[], context: WakeContext): Promise<void> {
  const deadline = performance.now() + BOOT_MS;
  for (;;) {
    try {
      await Promise.all(guests.map((guest) => guest.reconnect(() => undefined)));
      break;
    } catch (error) {
      const late = performance.now() > deadline || context.interrupt.aborted;
      if (late || !(error instanceof LinkLost)) throw error;
      await sleep(BOOT_POLL_MS);
    }
  }
  await Promise.all(guests.map(context.greet));
}

/** @param asleep They slept until now, so that what was known of them says nothing. */
async function reachAll(targets: readonly Target[], context: WakeContext, asleep = false): Promise<void> {
  await Promise.all(
    [...new Set(targets)].map(async (target) => {
      // It has its next chance with the next block.
      if (!asleep && target.unreachable !== undefined) throw target.unreachable;
      await reach(target, context.greet, (error) => {
        linkIncident(target, error, context.emit);
      });
    }),
  );
}
