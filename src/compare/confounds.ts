/** What differs between a mode and its baseline beside the mode, and what else was the matter with the machines. */
import { type Arms, baselineOf } from '../experiment/baseline.ts';
import type { Experiment } from '../experiment/schema.ts';
import type { RunRecord } from '../record/run-record.ts';
import type { Warning } from './warning.ts';

/** Facts of a machine that shape a figure whichever way the GPU reaches it, with their names in prose. */
const SHAPING: readonly [fact: string, words: (value: string) => string][] = [
  ['cpus', (value) => `${value} CPU${value === '1' ? '' : 's'}`],
  ['cpu', (value) => `a CPU ${value}`],
  ['kernel', (value) => `the kernel ${value.split(' ')[1] ?? value}`],
  ['governor', (value) => `the governor ${value}`],
];

type Machines = Pick<Experiment, 'modes'>;

/** What a mode's machines have that its baseline's have not, fact by fact; empty where they are on a par, as far as both tell. */
function disparity(
  mode: string,
  baseline: string,
  { modes }: Machines,
  { targets }: Pick<RunRecord, 'targets'>,
): string[] {
  const values = (name: string, fact: string) =>
    new Set((modes[name]?.on ?? []).flatMap((target) => targets.get(target)?.fingerprint[fact] ?? []));
  return SHAPING.flatMap(([fact, words]) => {
    const [own, other] = [values(mode, fact), values(baseline, fact)];
    if (own.size === 0 || other.size === 0 || [...own].every((value) => other.has(value))) return [];
    return [
      `${[...own].map(words).join(' and ')}, where ${baseline} has ${[...other].map(words).join(' and ')}`,
    ];
  });
}

/** One warning for all modes that differ from their baselines in the same way. */
export function unequalMachines(arms: Arms, experiment: Machines, record: RunRecord): Warning[] {
  const modes = new Map<string, string[]>();
  for (const mode of Object.keys(experiment.modes)) {
    const baseline = baselineOf(mode, arms);
    const found = baseline === undefined ? [] : disparity(mode, baseline, experiment, record);
    if (found.length > 0) modes.set(found.join('; '), [...(modes.get(found.join('; ')) ?? []), mode]);
  }
  return [...modes].map(([found, names]) => ({
    code: 'unequal-machines',
    text: `${names.join(', ')}: ${found}. What that costs or gains is in ${names.length === 1 ? 'its' : 'their'} figures, too: give both sides the same, or read them so`,
  }));
}

/** By so much the load may exceed what the CPUs of a machine can take. */
const BUSY = 1.5;

/** Machines that were busy with something else as well, or that save power. */
export function unsteadyMachines({ targets, visits }: Pick<RunRecord, 'targets' | 'visits'>): Warning[] {
  return [...targets.values()].flatMap(({ target, fingerprint }) => {
    const cpus = Number(fingerprint['cpus'] ?? Number.NaN);
    const loads = visits.flatMap(({ noise }) =>
      noise.filter((one) => one.target === target).map(({ load1 }) => load1),
    );
    const most = Math.max(0, ...loads);
    return [
      ...(most > BUSY * cpus + 1
        ? [
            {
              code: 'busy-machine',
              text: `${target} had a load of ${most.toFixed(1)} on ${cpus} CPU${cpus === 1 ? '' : 's'}: more wanted to run than could. Look at what else runs there (top), and measure when it does not`,
            },
          ]
        : []),
      ...(fingerprint['governor'] === 'powersave'
        ? [
            {
              code: 'powersave',
              text: `${target} saves power: its CPUs’ clocks follow the load, so that short work runs slower. For the time of the run: cpupower frequency-set -g performance, as root there`,
            },
          ]
        : []),
    ];
  });
}
