/**
 * Whether a session can produce anything, judged after its targets were contacted and before the first trial.
 */
import type { Experiment } from '../experiment/schema.ts';
import { guestsOf } from '../mode/kind.ts';
import { type ModeSpec, modeKindOf } from '../mode/kinds.ts';
import type { PlannedTrial } from '../plan/plan.ts';
import { Problem } from '../problem.ts';
import { LinkLost } from '../target/link.ts';
import type { Target } from '../target/target.ts';
import { PLAIN_WORD } from '../words/need.ts';
import { locate, needsAt } from './needs.ts';

/** Obstacles for modes, and for workloads on their targets, in words. */
interface Hindrances {
  modes: Map<string, string>;
  /** By target and workload. */
  workloads: Map<string, string>;
}

/**
 * @param met Targets that were contacted; guests that are paused, or that their hosts start, were not, and
 * are assumed to be fine.
 * @throws Problem (exit code 4) if no trial can give a figure.
 */
export async function requireWork(
  experiment: Experiment,
  met: readonly Target[],
  trials: readonly PlannedTrial[],
): Promise<void> {
  const hindered = await hindrances(experiment, met);
  if (hindered.modes.size === 0 && hindered.workloads.size === 0) return;
  const why = (mode: string, workload: string) => {
    const spec = experiment.modes[mode];
    if (spec === undefined || hindered.modes.has(mode)) return hindered.modes.get(mode);
    // A mode with a prepare step may bring its programs along, or find them elsewhere.
    const here = modeKindOf(spec).facts.attestedUnentered ? spec.on : [];
    return here
      .map((target) => hindered.workloads.get(`${target} ${workload}`))
      .find((words) => words !== undefined);
  };
  const reasons = trials.map(({ mode, workload }) => why(mode, workload));
  if (reasons.includes(undefined)) return;
  throw new Problem({
    code: 'VGB-NOTHING-WORKS',
    message: `none of the ${trials.length} trials to run can give a figure`,
    details: [...new Set(reasons.flatMap((words) => words ?? []))],
    expected: 'at least one mode that can be entered, with a workload that can be run in it',
    found: 'none',
    next: 'fix the problems above; to check everything: vgpubench doctor FILE; to run anyway: --keep-going',
    exitCode: 4,
  });
}

async function hindrances(experiment: Experiment, met: readonly Target[]): Promise<Hindrances> {
  const found: Hindrances = { modes: new Map(), workloads: new Map() };
  await Promise.all(
    met.map(async (target) => {
      for (const { words, mode, workload } of await hindrancesAt(target, experiment)) {
        if (mode !== undefined && !found.modes.has(mode)) found.modes.set(mode, words);
        if (workload !== undefined) found.workloads.set(`${target.name} ${workload}`, words);
      }
    }),
  );
  return found;
}

async function hindrancesAt(
  target: Target,
  experiment: Experiment,
): Promise<{ words: string; mode?: string; workload?: string }[]> {
  const lost = (error: LinkLost) => {
    const words = `${target.name} does not answer: ${error.found ?? error.message}`;
    return Object.entries(experiment.modes)
      .filter(([, mode]) => isPartOf(target.name, mode, experiment))
      .map(([mode]) => ({ words, mode }));
  };
  if (target.unreachable !== undefined) return lost(target.unreachable);
  try {
    const needs = needsAt(target.name, experiment).filter(({ ofUser }) => ofUser !== true);
    const found = await locate(target, needs);
    return needs.flatMap(({ program, of, what }, index) =>
      PLAIN_WORD.test(program) && found[index] === undefined
        ? [{ words: `${target.name} has no program ${program}, for ${what}`, ...of }]
        : [],
    );
  } catch (error) {
    // A link that was just lost says nothing about programs: the target answered before, and is tried again
    // when it is its turn.
    if (error instanceof LinkLost) return [];
    throw error;
  }
}

/** Whether it is a guest of the mode, or a host that the mode requires. */
function isPartOf(target: string, mode: ModeSpec, { targets }: Experiment): boolean {
  const guests = guestsOf(mode);
  if (guests.includes(target)) return true;
  return (
    modeKindOf(mode).needsHost(mode) !== undefined && guests.some((guest) => targets[guest]?.host === target)
  );
}
