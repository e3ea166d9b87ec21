import { setTimeout as sleep } from 'node:timers/promises';
import { LinkLost } from '../target/link.ts';
import { type Placed, linkIncident } from './sites.ts';
import type { VisitContext } from './visit-context.ts';

/** How long a guest may take to boot where the experiment does not say. */
const BOOT_MS = 120_000;
const POLL_MS = 500;

type BootContext = Pick<VisitContext, 'emit' | 'interrupt'>;

/**
 * What starts a guest need not wait until it is up. Of one that does not come up, the end of its console is told.
 * @throws LinkLost where they don't answer in time, or the user does not wait for it.
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
 * Guests that were restarted as their mode was left: what is measured next on their host does not run while they boot.
 * One that does not come up is told, and met again in its next visit.
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
