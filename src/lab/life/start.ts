/** Has a lab's machines run: from a snapshot in seconds, or by a boot, of which a snapshot is made for the next time. */
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
  /** The key of the snapshot that the machines went on from; null where they were booted. */
  snapshot: string | null;
  clocks: Clocks;
}

export interface StartOptions {
  site: BootSite;
  layout: LabLayout;
  /** Boot, whatever was saved. */
  cold: boolean;
  /** Ends what was started so far. */
  clear: () => Promise<void>;
}

/**
 * Whoever has KVM boots in little more time; whether a machine goes on from a snapshot there was not tried. One with an
 * IOMMU can't be saved.
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

/** How often a lab is booted at most, for clocks that are good. */
const BOOTS_MAX = 3;

async function boot({ site, layout, clear }: StartOptions): Promise<Clocks> {
  for (let boots = 1; ; boots++) {
    const clocks = await answersOf(await startAll(site, layout));
    const [bad] = badClocks(clocks);
    if (bad === undefined || boots === BOOTS_MAX) {
      if (bad !== undefined)
        site.report(`${bad}, and did after ${BOOTS_MAX} boots: times mean little here`, 0);
      return { ...clocks, ...(await createGuests(site, layout)) };
    }
    site.report(`${bad}: booted once more`, 0);
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
  // Whoever waits for it hears of it, which may be later than it comes.
  whole.catch(() => undefined);
  return { file: boxFile(snapshot.folder, box), whole };
}

/** Side by side; where one does not come, the others are not left waiting for. */
async function answersOf(booted: Booted[]): Promise<Clocks> {
  const clocks = booted.map(async ({ box, answers }) => [box.alias, await answers()] as const);
  return Object.fromEntries(await Promise.all(clocks));
}

/** Undefined where there is no snapshot, or one that is no good: it is told why, and gone. */
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
    site.report(`the snapshot is no good, so it is removed, and the lab booted: ${reasonOf(error)}`, 0);
    await clear();
    await removeSnapshot(site.paths, key);
    return undefined;
  }
}

/** A machine that goes on counts time by what it was told of the counter when it booted. */
const RATE_MAY_DIFFER = 0.0005;

function requireSameTime({ tscKhz: then }: Snapshot, now: number | undefined): void {
  if (then === undefined || now === undefined || Math.abs(now / then - 1) <= RATE_MAY_DIFFER) return;
  throw new Error(`it was made where the time-stamp counter ran at ${then} kHz, and here it runs at ${now}`);
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
    site.report(`no snapshot could be saved, so the next time boots again: ${reasonOf(error)}`, 0);
  }
  await allOf(boxes.map((box) => goOn(boxSockets(paths, box), signal)));
}

/** Once all have settled, so that nothing is still at work when one has failed. */
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
