import type { Experiment } from '../experiment/schema.ts';
import { labNeeds } from '../experiment/lab-targets.ts';
import { labPaths } from '../lab/paths.ts';
import { isRunning } from '../lab/processes.ts';
import { readState } from '../lab/state.ts';
import { Problem } from '../problem.ts';

/**
 * What a report has to say of the lab that an experiment runs in, as a fact of the run's versions; nothing for
 * an experiment without the lab.
 * @throws Problem where the lab is not up, or has too few guests.
 */
export async function labFacts(experiment: Experiment): Promise<Record<string, string>> {
  const needs = labNeeds(experiment);
  if (needs === undefined) return {};
  const state = await readState(labPaths());
  const running = await Promise.all((state?.processes ?? []).map(isRunning));
  const guests = state?.guests.length ?? 0;
  if (state?.ready === true && running.every(Boolean) && guests >= needs.guests)
    return { lab: `software GPU, Xen under QEMU ${state.accelerator.toUpperCase()}` };
  throw new Problem({
    code: 'VGB-LAB-DOWN',
    message: `${experiment.name} runs in the embedded lab`,
    expected: `a lab that is up, with ${needs.guests} guests`,
    found:
      state?.ready === true
        ? `${guests} guests, ${running.filter(Boolean).length} processes`
        : 'no lab that is up',
    next: 'vgpubench lab run FILE brings it up first',
  });
}
