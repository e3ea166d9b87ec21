/**
 * What a run of tests leaves on the machine. It has its own temporary folder, in which nobody else writes; in
 * places where guests keep files regardless of that folder, the project's own names count.
 */
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isRunning } from '../../src/process/process-id.ts';

/** For the folder of a run of tests, and of one of its machines: each shows whose it is. */
const RUN = /^vgb-t-(\d+)-/;
const MACHINES = /^vgb-test-(\d+)-/;
/** Of a run's files on a target, and of its lock there. */
const GUEST = /^vgpubench-(?:[0-9a-f]{16}|lock-\d+)$/;

export interface Watched {
  /** The temporary folder. */
  readonly folder: string;
  /** Paths of what was left there, and elsewhere, since the watch began. */
  readonly left: () => string[];
  /** Removes the temporary folder. */
  readonly end: () => void;
}

/** Where to look: in a folder for temporary files, where guests keep theirs, and where machines are. */
const PLACES = { outer: tmpdir(), guests: ['/dev/shm', '/tmp', '/var/tmp'], machines: '/run' };

/** Makes the temporary folder, and begins to watch. */
export function watchTemporary({ outer, guests, machines } = PLACES): Watched {
  // A short path: that of a socket in a folder below it may have 107 bytes.
  const folder = mkdtempSync(join(outer, `vgb-t-${process.pid}-`));
  // Whoever logs in as another user finds a key in it.
  chmodSync(folder, 0o711);
  // What tsx has compiled is kept from one run to the next.
  const compiled = `tsx-${process.geteuid?.() ?? ''}`;
  mkdirSync(join(outer, compiled), { recursive: true });
  symlinkSync(join(outer, compiled), join(folder, compiled));
  const elsewhere = () => [
    ...guests.flatMap((place) => pathsIn(place, (name) => GUEST.test(name))),
    ...pathsIn(machines, (name) => isOfDead(MACHINES, name)),
  ];
  const before = new Set(elsewhere());
  return {
    folder,
    left: () => [
      ...pathsIn(folder, (name) => name !== compiled),
      // A guest's files don't show whose they are: if others run tests meanwhile, they may be theirs.
      ...(othersRun(outer, folder) ? [] : elsewhere().filter((path) => !before.has(path))),
    ],
    end: () => {
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function othersRun(outer: string, own: string): boolean {
  return pathsIn(outer, (name) => RUN.test(name) && !isOfDead(RUN, name)).some((path) => path !== own);
}

function isOfDead(names: RegExp, name: string): boolean {
  const pid = names.exec(name)?.[1];
  return pid !== undefined && !isRunning({ pid: Number(pid), startTicks: 0 });
}

function pathsIn(folder: string, holds: (name: string) => boolean): string[] {
  return (existsSync(folder) ? readdirSync(folder) : []).filter(holds).map((name) => join(folder, name));
}
