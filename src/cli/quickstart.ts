import { join } from 'node:path';
import { loadExperiment } from '../experiment/load.ts';
import { labNeeds } from '../experiment/lab-targets.ts';
import { labDown } from '../lab/life/down.ts';
import { type Guard, guardLab } from '../lab/life/guard.ts';
import { labPaths } from '../lab/paths.ts';
import { labStatus } from '../lab/life/status.ts';
import { type Interrupt, interruptible } from './terminal/interrupt.ts';
import { bringUp, progress } from './terminal/lab.ts';
import { tell } from './terminal/output.ts';
import type { Manner } from './terminal/watched.ts';

const EXPERIMENT = join(import.meta.dirname, '../../bench/experiments/quickstart.yaml');

export interface QuickstartOptions extends Manner {
  out?: string | undefined;
  seed?: number | undefined;
}

/** What the quickstart does with the lab, in order; a test substitutes its own. */
export interface QuickstartSteps {
  isUp: () => Promise<boolean>;
  guard: () => Guard;
  up: typeof bringUp;
  run: (file: string, options: QuickstartOptions, interrupt: Interrupt) => Promise<number>;
  down: () => Promise<void>;
}

const STEPS: QuickstartSteps = {
  isUp: async () => (await labStatus()).state === 'up',
  guard: () => guardLab(labPaths()),
  up: bringUp,
  run: async (file, options, interrupt) => {
    const [{ runExperiment }, { watched }] = await Promise.all([
      import('../run/run.ts'),
      import('./terminal/watched.ts'),
    ]);
    return watched(options, (session) => runExperiment(file, { ...options, ...session }), interrupt);
  },
  down: () => labDown(progress),
};

/**
 * The lab end to end. However it ends, by whatever signal at whatever moment, even kill -9, the lab is taken
 * down again; a lab that was up before is used, and stays up.
 */
export async function quickstart(options: QuickstartOptions, steps = STEPS): Promise<number> {
  const needs = labNeeds(loadExperiment(EXPERIMENT).experiment) ?? {};
  let stage: 'up' | 'run' | 'down' = 'up';
  let down: Promise<void> | undefined;
  const theirs = await steps.isUp();
  const guard = theirs ? undefined : steps.guard();
  const takeDown = () => (theirs ? Promise.resolve() : (down ??= steps.down()));
  const interrupt = interruptible(
    () => (stage === 'run' ? ending(theirs) : 'taking the lab down'),
    () => {
      if (stage !== 'run') {
        tell('the lab is being taken down');
        return;
      }
      tell(
        theirs
          ? 'leaving at once; to undo the run’s changes: vgpubench restore RUN'
          : 'taking the lab down at once',
      );
      void takeDown().finally(() => process.exit(130));
    },
  );
  try {
    if (theirs) tell('using the lab that is already up; it stays up');
    // Takes the lab down if this fails or is interrupted.
    else if ((await steps.up(needs, interrupt)) === 'interrupted') return 130;
    stage = 'run';
    try {
      if (interrupt.signal.aborted) return 130;
      const code = await steps.run(EXPERIMENT, options, interrupt);
      if (code === 130 && !theirs)
        tell(`taking the lab down; before you resume: vgpubench lab up${guestsOf(needs)}`);
      return code;
    } finally {
      stage = 'down';
      await takeDown();
    }
  } finally {
    await guard?.release();
    interrupt.done();
  }
}

function guestsOf({ guests }: { guests?: number }): string {
  return guests === undefined ? '' : ` --guests ${guests}`;
}

function ending(theirs: boolean): string {
  const after = theirs ? 'putting the targets back' : 'taking the lab down';
  return `ending the trial and ${after} (once more to do so at once)`;
}
