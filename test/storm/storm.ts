/** Runs under faults at random points, in as many lanes as there are cores, until so many points have been taken. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { messageOf } from '../../src/problem.ts';
import { derive, seeded } from '../../src/statistics/prng.ts';
import { type SmallDisk, smallDisk } from '../support/small-disk.ts';
import { startServers } from '../../bench/loopback/sshd.ts';
import type { Program } from './program.ts';
import type { Kind, Lane } from './lane.ts';
import { RunInStorm } from './run-in-storm.ts';

export interface Options {
  points: number;
  seed: number;
  program: Program;
  /** Where run directories of violations are kept. */
  kept: string;
  /** Hears of progress, in a line. */
  tell: (line: string) => void;
}

export interface Found {
  points: Record<Kind, number>;
  runs: number;
  /** Sessions that ran trials again which had failed for want of a link. */
  retries: number;
  tookMs: number;
  /** Why there was no disk; undefined where there was. */
  noDisk: string | undefined;
  slowest: { what: string; tookMs: number };
  violations: string[];
}

/** Room for a run's journal and several of its reports. */
const DISK_KIB = 32 * 1024;

export async function storm({ points, seed, program, kept, tell }: Options): Promise<Found> {
  const startMs = performance.now();
  const found: Found = {
    points: { harness: 0, link: 0, disk: 0 },
    ...{ runs: 0, retries: 0, tookMs: 0, noDisk: undefined, violations: [] },
    slowest: { what: 'none', tookMs: 0 },
  };
  let wanted = points;
  const log = {
    next: () => wanted > 0 && wanted-- > 0,
    hit: (kind: Kind | undefined) => {
      if (kind === undefined) wanted++;
      else found.points[kind]++;
    },
    ended: (what: string, tookMs: number) => {
      if (tookMs > found.slowest.tookMs) found.slowest = { what, tookMs };
    },
    retried: () => {
      found.retries++;
    },
  };
  const carryOn = async (lane: Lane) => {
    while (wanted > 0) {
      const number = ++found.runs;
      const run = new RunInStorm(lane, seeded(derive(seed, number)), log);
      const violation = await run.toItsEnd();
      if (violation.length > 0) {
        const folder = join(kept, `${seed}-${number}`);
        await run.keep(folder);
        found.violations.push(`seed ${seed}, run ${number}: ${violation.join('\n  ')}\n  kept in ${folder}`);
        tell(found.violations.at(-1) ?? '');
      }
      tell(progressOf(found, points, performance.now() - startMs));
    }
  };
  const lanes = await makeLanes(program);
  found.noDisk = lanes.noDisk;
  if (found.noDisk !== undefined) tell(`no faults of the disk: ${found.noDisk}`);
  try {
    const lost = (await Promise.allSettled(lanes.all.map(carryOn))).find(
      ({ status }) => status === 'rejected',
    );
    if (lost?.status === 'rejected') throw lost.reason;
  } finally {
    await lanes.end();
  }
  return { ...found, tookMs: performance.now() - startMs };
}

async function makeLanes(program: Program) {
  const folder = mkdtempSync(join(tmpdir(), 'vgb-storm-'));
  const aliases = Array.from({ length: availableParallelism() }, (_, index) => `storm${index}`);
  const servers = await startServers(aliases.map((alias) => ({ alias })));
  let noDisk: string | undefined;
  const all = aliases.map((alias, index): Lane => {
    const own = join(folder, `${index}`);
    mkdirSync(own);
    let disk: SmallDisk | undefined;
    try {
      disk = smallDisk(DISK_KIB);
    } catch (error) {
      noDisk = messageOf(error);
    }
    const { sshConfig, directory } = servers;
    const lock = join(directory, `${alias}.run`, 'vgpubench', 'lock');
    return {
      ...{ program, folder: own, disk },
      server: { alias, sshConfig, pid: servers.pid(alias), lock },
    };
  });
  const unmount = () => {
    for (const lane of all) {
      lane.disk?.remove();
      lane.disk = undefined;
    }
  };
  // Also where it is interrupted.
  process.on('exit', unmount);
  const end = async () => {
    unmount();
    process.off('exit', unmount);
    await servers.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  return { all, noDisk, end };
}

function progressOf({ points, runs, violations }: Found, wanted: number, tookMs: number): string {
  const taken = points.harness + points.link + points.disk;
  return `${taken} of ${wanted} points in ${runs} runs, ${(tookMs / 1000).toFixed(0)} s, ${violations.length} violations`;
}
