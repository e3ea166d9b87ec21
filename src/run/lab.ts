import { loadExperiment } from '../experiment/load.ts';
import type { Experiment } from '../experiment/schema.ts';
import { type LabNeeds, labNeeds } from '../experiment/lab-targets.ts';
import { type LabStatus, labStatus } from '../lab/life/status.ts';
import { Problem } from '../problem.ts';
import { useLab } from '../lab/life/use.ts';
import { labPaths } from '../lab/paths.ts';

/**
 * Works with the machines of an experiment; those of the lab are this process's alone meanwhile.
 * @param work Hears what a report has to say of the lab, as a fact of the run's versions, and how the lab is; of no
 *   lab, nothing.
 * @throws Problem where the lab is not up, has too few guests, or is another process's.
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

/** Has the lab for this process as long as `work` takes. @throws Problem where another process has it. */
export async function withLab<T>(work: () => Promise<T>): Promise<T> {
  const release = useLab(labPaths());
  try {
    return await work();
  } finally {
    release();
  }
}

/** @throws Problem where the lab that an experiment needs is not up. */
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
        ? 'wait for it: vgpubench lab status says when it is up'
        : `vgpubench lab up${needs.guests > 0 ? ` --guests ${needs.guests}` : ''}${needs.pci ? ' --pci' : ''}; or vgpubench lab run FILE, which brings it up first`,
  });
}

/** What has to be done before the experiment can be run in the lab, in a sentence; undefined where nothing has. */
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

/** What is missing of the lab, in words; undefined where all is there. */
function lackOf(needs: LabNeeds, { state, guests, hosts }: LabStatus): string | undefined {
  if (state === 'down') return 'no lab';
  if (state === 'starting') return 'one that is being brought up';
  if (state === 'broken') return 'one of which some processes have ended';
  const own = guests.filter((name) => name !== 'p1').length;
  if (own < needs.guests) return `one with ${own} guest${own === 1 ? '' : 's'}`;
  if (needs.pci && own === guests.length) return 'one that passes no PCI device through';
  if (needs.bare && !hosts.some(({ alias }) => alias === 'lab-bare')) return 'one without a bare box';
  return undefined;
}

function wordsOf({ guests, bare, pci }: LabNeeds): string {
  const words = [
    ...(bare ? ['a bare box'] : []),
    ...(guests > 0 ? [`${guests} guest${guests === 1 ? '' : 's'}`] : []),
    ...(pci ? ['the guest p1'] : []),
  ];
  return words.join(', ').replace(/, ([^,]*)$/, ' and $1');
}

/** What an experiment file wants of the lab. @throws Problem where it names no machine of it. */
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
