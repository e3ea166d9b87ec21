import { loadExperiment } from '../experiment/load.ts';
import type { Experiment } from '../experiment/schema.ts';
import { type LabNeeds, labNeeds } from '../experiment/lab-targets.ts';
import { type LabStatus, labStatus } from '../lab/life/status.ts';
import { Problem } from '../problem.ts';
import { useLab } from '../lab/life/use.ts';
import { labPaths } from '../lab/paths.ts';

/**
 * Works with the machines of an experiment; those of the lab are reserved for this process meanwhile.
 * @param work Receives what a report must say about the lab, as a fact among the run's versions, and the
 * lab's status; without a
 *   lab, nothing.
 * @throws Problem if the lab is not up, has too few guests, or is in use by another process.
 */
export async function inLab<T>(
  experiment: Experiment,
  work: (facts: Record<string, string>, lab: LabStatus | undefined) => Promise<T>,
): Promise<T> {
  const needs = labNeeds(experiment);
  if (needs === undefined) return work({}, undefined);
  return withLab(async () => {
    const lab = await requireLab(experiment.name, needs);
    const emulated = `software GPU, Xen under QEMU ${lab.accelerator?.toUpperCase() ?? ''}`;
    return work({ lab: emulated, 'lab guest CPUs': String(lab.guestCpus) }, lab);
  });
}

/** Reserves the lab for this process as long as `work` takes. @throws Problem if another process has it. */
export async function withLab<T>(work: () => Promise<T>): Promise<T> {
  const release = useLab(labPaths());
  try {
    return await work();
  } finally {
    release();
  }
}

/** @throws Problem if the lab that an experiment needs is not up. */
export async function requireLab(experiment: string, needs: LabNeeds): Promise<LabStatus> {
  const status = await labStatus();
  const lacks = lackOf(needs, status);
  if (lacks === undefined) return status;
  throw new Problem({
    code: 'VGB-LAB-DOWN',
    message: `${experiment} runs in the embedded lab`,
    expected: `a lab that is up, with ${wordsOf(needs)}`,
    found: lacks,
    next:
      status.state === 'starting'
        ? 'wait until it is up; to check: vgpubench lab status'
        : `vgpubench lab up${needs.guests > 0 ? ` --guests ${needs.guests}` : ''}${needs.pci ? ' --pci' : ''}; or start it with the run: vgpubench lab run FILE`,
  });
}

/** What to do before the experiment can be run in the lab, in a sentence; undefined if nothing. */
export async function labLack(experiment: Experiment): Promise<string | undefined> {
  const needs = labNeeds(experiment);
  if (needs === undefined) return undefined;
  try {
    await requireLab(experiment.name, needs);
    return undefined;
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return `${error.message}, with ${error.found ?? 'none'} at the moment; next: ${error.next ?? ''}`;
  }
}

/** What the lab lacks, in words; undefined if nothing. */
function lackOf(needs: LabNeeds, { state, guests, hosts }: LabStatus): string | undefined {
  if (state === 'down') return 'no lab';
  if (state === 'starting') return 'one that is still starting';
  if (state === 'broken') return 'one in which some processes have ended';
  const own = guests.filter((name) => name !== 'p1').length;
  if (own < needs.guests) return `one with ${own} guest${own === 1 ? '' : 's'}`;
  if (needs.pci && own === guests.length) return 'one without PCI pass-through';
  if (needs.bare && !hosts.some(({ alias }) => alias === 'lab-bare'))
    return 'one without a bare-metal machine';
  return undefined;
}

function wordsOf({ guests, bare, pci }: LabNeeds): string {
  const words = [
    ...(bare ? ['a bare-metal machine'] : []),
    ...(guests > 0 ? [`${guests} guest${guests === 1 ? '' : 's'}`] : []),
    ...(pci ? ['the guest p1'] : []),
  ];
  return words.join(', ').replace(/, ([^,]*)$/, ' and $1');
}

/** What an experiment file needs of the lab. @throws Problem if it names no machine of it. */
export function requireLabTargets(file: string): LabNeeds {
  const needs = labNeeds(loadExperiment(file).experiment);
  if (needs !== undefined) return needs;
  throw new Problem({
    code: 'VGB-LAB-RUN',
    message: `${file} names no machine of the lab`,
    expected: 'a target such as { lab: g1, host: dom0 }',
    found: 'none',
    next: `vgpubench run ${file}`,
  });
}
