import { randomBytes } from 'node:crypto';
import { dirname, join, resolve } from 'node:path';
import { loadExperiment } from '../experiment/load.ts';
import type { Experiment } from '../experiment/schema.ts';
import type { Part } from '../experiment/part.ts';
import { makePlan } from '../plan/plan.ts';
import { Problem } from '../problem.ts';
import { digestsOf } from '../record/digests.ts';
import { Journal } from '../record/journal.ts';
import { lockRun } from '../record/lock.ts';
import { FILES, createRunDirectory, defaultRunDirectory, makeRunDirectory } from '../record/run-directory.ts';
import { emptyRecord } from '../record/run-record.ts';
import { type GateOptions, against } from './gate.ts';
import { earlierRun } from './earlier.ts';
import { inLab } from './lab.ts';
import { nodeName } from './node-name.ts';
import { originOf } from './origin.ts';
import { pilotOfDesign } from './pilot.ts';
import { confirm } from './confirm.ts';
import { type OpenRun, type Outcome, type SessionOptions, carryOut } from './session.ts';
import { sshDigests } from './ssh-digests.ts';
import { versions } from './version.ts';

export interface RunOptions extends GateOptions, SessionOptions, Part {
  /** The run directory; by default a new one under reports/. */
  out?: string | undefined;
  /** Instead of design.seed. */
  seed?: number | undefined;
  /** Labels by which a trend may group runs, such as the version of a driver. */
  labels?: Readonly<Record<string, string>> | undefined;
  /**
   * Blocks to add, with `gate`, for cells that look slower or are inconclusive, which are then judged by
   * those blocks alone.
   */
  confirm?: number | undefined;
}

/**
 * Runs the experiment of a file, and writes its report. If `signal` aborts, the outcome is that of an
 * interrupted run, which `resumeRun` continues.
 * @throws Problem if the file, the lab or the run to compare with is not valid; nothing was touched.
 */
export async function runExperiment(file: string, options: RunOptions = {}): Promise<Outcome> {
  return runLoaded({ ...loadExperiment(file), file }, options);
}

/** The same for an experiment that was already read: its text is what the run keeps. @throws Problem */
export async function runLoaded(
  { experiment: asked, source, file }: { experiment: Experiment; source: string; file: string },
  options: RunOptions,
): Promise<Outcome> {
  const pilot = pilotOfDesign(asked, () => earlierRun(asked.name));
  const experiment = pilot?.experiment ?? asked;
  const other = against(options, experiment);
  requireGateFor(options);
  return inLab(experiment, async (lab) => {
    const plan = makePlan(experiment, options.seed, options);
    const directory = options.out ?? defaultRunDirectory(experiment.name, plan.seed, new Date());
    makeRunDirectory(directory);
    // Before anything is written: another run may be about to begin there.
    const unlock = lockRun(directory);
    try {
      createRunDirectory(directory, source, plan);
      const token = randomBytes(8).toString('hex');
      const base = baseOf(file);
      const origin = await originOf(base, options.labels);
      const run: OpenRun = {
        ...{ directory, experiment, plan, base, token, pilot },
        record: emptyRecord(),
        journal: Journal.create(join(directory, FILES.journal)),
        opening: {
          type: 'run-started',
          token,
          directory: base,
          digests: digestsOf(directory),
          ...(await sshDigests(experiment, base)),
          ...(origin === undefined ? {} : { origin }),
          versions: { ...versions(), ...lab },
          pid: process.pid,
          ...(plan.shard === undefined ? {} : { shard: { ...plan.shard, node: nodeName() } }),
        },
        retry: false,
        against: other,
      };
      return await confirm(run, await carryOut(run, options), options.confirm, options);
    } finally {
      unlock();
    }
  });
}

/** @throws Problem if nothing could be suspicious, because the run is not compared with another. */
function requireGateFor({ confirm: blocks, gate }: RunOptions): void {
  if (blocks === undefined || gate !== undefined) return;
  throw new Problem({
    code: 'VGB-CONFIRM',
    message: 'there is nothing to confirm',
    expected: '--gate BASE with --confirm, which measures cells again that look slower than in BASE',
    found: '--confirm alone',
    next: `name the run to compare with: --gate BASE --confirm ${blocks}`,
  });
}

/** ssh_config paths in an experiment file are relative to its directory. */
export function baseOf(file: string): string {
  return dirname(resolve(file));
}
