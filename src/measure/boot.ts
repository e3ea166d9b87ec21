import { setTimeout as sleep } from 'node:timers/promises';
import { LinkLost } from '../target/link.ts';
import { type Placed, linkIncident } from './sites.ts';
import type { VisitContext } from './visit-context.ts';

/** The default time for a guest to boot. */
const BOOT_MS = 120_000;
const POLL_MS = 500;

type BootContext = Pick<VisitContext, 'emit' | 'interrupt'>;

/**
 * A script that starts a guest need not wait until it is up. For a guest that does not come up, the end of
 * its console is reported.
 * @throws LinkLost if they don't answer in time, or the user does not wait for it.
 */
export async function awaitBoot(sites: readonly Placed[], context: BootContext): Promise<void> {
  await Promise.all(
    sites.map(async (placed) => {
      const deadline = performance.now() + (placed.site.power?.readyMs ?? BOOT_MS);
      for (;;) {
        try {
          await placed.target.reconnect(() => undefined, context.interrupt);
          return;
        } catch (error) {
          if (!(error instanceof LinkLost) || context.interrupt.aborted) throw error;
          if (performance.now() > deadline) {
            await tellConsole(placed, error, context);
            throw error;
          }
          await sleep(POLL_MS);
        }
      }
    }),
  );
}

/**
 * Guests that are restarted when their mode is left: their host is not measured while they boot. A guest that
 * does not come up is reported, and contacted again in its next visit.
 */
export async function awaitRestarted(sites: readonly Placed[], context: BootContext): Promise<void> {
  if (context.interrupt.aborted) return;
  await Promise.all(
    sites.map(async (placed) => {
      const { host, power } = placed.site;
      if (host === undefined || power === undefined) return;
      try {
        if ((await host.run(power.running)).exitCode === 0) await awaitBoot([placed], context);
      } catch (error) {
        if (!(error instanceof LinkLost)) throw error;
        if (!context.interrupt.aborted) linkIncident(placed.target, error, context.emit);
      }
    }),
  );
}

async function tellConsole({ target, site }: Placed, error: LinkLost, { emit }: BootContext): Promise<void> {
  const { host, power } = site;
  if (host === undefined || power?.console === undefined) return;
  try {
    const { stdout } = await host.run(power.console);
    if (stdout.trim() === '') return;
    const text = `it did not answer in time (${error.found ?? error.message}); the end of its console: ${stdout.trim().slice(-2000)}`;
    emit({ type: 'incident', kind: 'recovery', target: target.name, trial: null, text });
  } catch (lost) {
    if (!(lost instanceof LinkLost)) throw lost;
    linkIncident(target, lost, emit);
  }
}
