import { guardLab } from '../../lab/life/guard.ts';
import { type Lab, labUp } from '../../lab/life/up.ts';
import { labPaths } from '../../lab/paths.ts';
import type { Report } from '../../lab/step.ts';
import { type Interrupt, interruptible } from './interrupt.ts';
import { span, tell } from './output.ts';

export interface WantedLab {
  /** At least this many guests; by default those that are up, or five. */
  guests?: number | undefined;
  bare?: boolean;
  /** With a guest that the GPU can be passed through to. */
  pci?: boolean;
  /** The Debian mirror for packages that are not in the cache. */
  mirror?: string | undefined;
  /** Boot even if there is a snapshot. */
  cold?: boolean;
}

/** A lab that is being started is taken down again even if this process is killed. */
export async function guarded<T>(work: () => Promise<T>): Promise<T> {
  const guard = guardLab(labPaths());
  try {
    return await work();
  } finally {
    await guard.release();
  }
}

/**
 * Brings up a lab that has at least what is needed; Ctrl-C takes down what was started so far.
 * @param outer Whose signals to heed, if the caller has more to do afterwards.
 */
export async function bringUp(wanted: WantedLab, outer?: Interrupt): Promise<Lab | 'interrupted'> {
  const interrupt = outer ?? interruptible(takingDown, stillTakingDown);
  try {
    const { guests, bare = true, pci = false, mirror, cold = false } = wanted;
    return await labUp(progress, {
      ...(guests === undefined ? {} : { guests }),
      bare,
      pci,
      mirror,
      cold,
      signal: interrupt.signal,
    });
  } catch (error) {
    if (interrupt.signal.aborted) return 'interrupted';
    throw error;
  } finally {
    if (outer === undefined) interrupt.done();
  }
}

function takingDown(): string {
  return 'taking down what is up so far';
}

function stillTakingDown(): void {
  tell('taking the lab down');
}

/** One line per step, with its time. */
export const progress: Report = (step, ms) => {
  tell(`  ${step.padEnd(32)} ${ms === 0 ? '' : span(ms)}`.trimEnd());
};
