/**
 * Starts a lab's machines: from a snapshot in seconds, or by booting, after which a snapshot is saved for the
 * next time.
 */
import { Problem } from '../../problem.ts';
import { boxesOf, startMachine, type Booted, type BootSite, type Saved } from '../boot/boxes.ts';
import { badClocks, type Clocks } from '../boot/clocks.ts';
import { createGuests } from '../boot/guests.ts';
import type { LabLayout } from '../boot/layout.ts';
import { goOn, saveBox } from '../boot/saved-box.ts';
import { boxSockets } from '../boot/sockets.ts';
import { snapshotKey } from './snapshot-key.ts';
import {
  boxFile,
  keepSnapshot,
  noteUse,
  readSnapshot,
  removeSnapshot,
  requireSizes,
  requireWhole,
  type Snapshot,
} from './snapshots.ts';

export interface Started {
  /** The key of the snapshot that the machines started from; null if they were booted. */
  snapshot: string | null;
  clocks: Clocks;
}

export interface StartOptions {
  site: BootSite;
  layout: LabLayout;
  /** Boot even if there is a snapshot. */
  cold: boolean;
  /** Ends everything started so far. */
  clear: () => Promise<void>;
}

/**
 * With KVM, booting takes little longer, and it was never tested whether a machine continues from a snapshot
 * there. A machine with an IOMMU can't be saved.
 */
export async function startMachines(options: StartOptions): Promise<Started> {
  const { site, layout, cold } = options;
  if (site.accelerator === 'kvm' || layout.pci) return { snapshot: null, clocks: await boot(options) };
  const key = await snapshotKey(site, layout);
  const restored = cold ? undefined : await restore(options, key);
  if (restored !== undefined) return { snapshot: key, clocks: restored };
  const clocks = await boot(options);
  if (badClocks(clocks).length === 0) await save(options, key, clocks);
  return { snapshot: null, clocks };
}

/** The maximum number of boots to get good clocks. */
const BOOTS_MAX = 3;

async function boot({ site, layout, clear }: StartOptions): Promise<Clocks> {
  for (let boots = 1; ; boots++) {
    const clocks = await answersOf(await startAll(site, layout));
    const [bad] = badClocks(clocks);
    if (bad === undefined || boots === BOOTS_MAX) {
      if (bad !== undefined) site.report(`${bad}, even after ${BOOTS_MAX} boots: times mean little here`, 0);
      return { ...clocks, ...(await createGuests(site, layout)) };
    }
    site.report(`${bad}: booting again`, 0);
    await clear();
  }
}

async function startAll(site: BootSite, layout: LabLayout, from?: Snapshot): Promise<Booted[]> {
  const started: Booted[] = [];
  for (const box of boxesOf(site, layout)) {
    site.signal?.throwIfAborted();
    started.push(await startMachine(site, box, from === undefined ? undefined : savedIn(from, box.name)));
  }
  return started;
}

function savedIn(snapshot: Snapshot, box: string): Saved {
  const whole = requireWhole(snapshot, box);
  // Whoever awaits it gets the error, possibly later than it occurs.
  whole.catch(() => undefined);
  return { file: boxFile(snapshot.folder, box), whole };
}

/** In parallel; if one fails, waiting for the others ends, too. */
async function answersOf(booted: Booted[]): Promise<Clocks> {
  const clocks = booted.map(async ({ box, answers }) => [box.alias, await answers()] as const);
  return Object.fromEntries(await Promise.all(clocks));
}

/** Undefined if there is no snapshot, or an unusable one: the reason is reported, and it is removed. */
async function restore({ site, layout, clear }: StartOptions, key: string): Promise<Clocks | undefined> {
  try {
    const snapshot = await readSnapshot(site.paths, key);
    if (snapshot === undefined) return undefined;
    requireSameTime(snapshot, site.tscKhz);
    await requireSizes(snapshot);
    const clocks = await answersOf(await startAll(site, layout, snapshot));
    const [bad] = badClocks(clocks);
    if (bad !== undefined) throw new Error(bad);
    await noteUse(snapshot);
    return { ...snapshot.clocks, ...clocks };
  } catch (error) {
    site.signal?.throwIfAborted();
    site.report(`the snapshot can’t be used, so it is removed and the lab booted: ${reasonOf(error)}`, 0);
    await clear();
    await removeSnapshot(site.paths, key);
    return undefined;
  }
}

/** A restored machine still uses the frequency of the counter that it was given at boot. */
const RATE_MAY_DIFFER = 0.0005;

function requireSameTime({ tscKhz: then }: Snapshot, now: number | undefined): void {
  if (then === undefined || now === undefined || Math.abs(now / then - 1) <= RATE_MAY_DIFFER) return;
  throw new Error(`it was made with a time-stamp counter of ${then} kHz, but here it runs at ${now} kHz`);
}

/** The machines are halted meanwhile. */
async function save({ site, layout }: StartOptions, key: string, clocks: Clocks): Promise<void> {
  const { paths, signal } = site;
  const boxes = boxesOf(site, layout).map(({ name }) => name);
  const began = performance.now();
  try {
    await keepSnapshot(paths, key, async (folder) => {
      await allOf(boxes.map((box) => saveBox(boxSockets(paths, box).monitor, boxFile(folder, box), signal)));
      const time = site.tscKhz === undefined ? {} : { tscKhz: site.tscKhz };
      return { guests: layout.guests.length, bare: layout.bare, ...time, clocks, boxes };
    });
    site.report('save a snapshot', performance.now() - began);
  } catch (error) {
    signal?.throwIfAborted();
    site.report(`could not save a snapshot, so the next start boots again: ${reasonOf(error)}`, 0);
  }
  await allOf(boxes.map((box) => goOn(boxSockets(paths, box), signal)));
}

/** Once all have settled, so that nothing is still running when one has failed. */
async function allOf<T>(work: Promise<T>[]): Promise<void> {
  const failed = (await Promise.allSettled(work)).find((one) => one.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
}

function reasonOf(error: unknown): string {
  if (error instanceof Problem)
    return [error.message, error.found, ...(error.details ?? []).slice(-1)]
      .filter(Boolean)
      .join('; ')
      .replaceAll(/\s+/g, ' ');
  return error instanceof Error ? error.message : String(error);
}
