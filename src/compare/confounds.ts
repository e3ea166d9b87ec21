/** What differs between a mode and its baseline beside the mode, and what else was the matter with the machines. */
import { type Arms, baselineOf } from '../experiment/baseline.ts';
import type { Experiment } from '../experiment/schema.ts';
import { modeKindOf } from '../mode/kinds.ts';
import type { RunRecord } from '../record/run-record.ts';
import { workloadKindOf } from '../workload/kinds.ts';
import { pinningOf } from './machine-states.ts';
import type { Warning } from './warning.ts';

/** A fact of a machine that shapes a figure whichever way the GPU reaches it. */
interface Shaping {
  value: (fingerprint: Fingerprint) => string | undefined;
  /** It in prose. */
  words: (value: string) => string;
  /** Whether two are on a par; the same text by default. */
  par?: (one: string, other: string) => boolean;
}

type Fingerprint = Readonly<Record<string, string>>;

/** Memory that differs by less is on a par: what firmware and kernel keep for themselves is not quite the same anywhere. */
const MEMORY_RATIO = 1.1;

const SHAPING: readonly Shaping[] = [
  { value: ({ cpus }) => cpus, words: (value) => `${value} CPU${value === '1' ? '' : 's'}` },
  { value: ({ cpu }) => cpu, words: (value) => `a CPU ${value}` },
  { value: ({ kernel }) => kernel, words: (value) => `the kernel ${value.split(' ')[1] ?? value}` },
  { value: ({ governor }) => governor, words: (value) => `the governor ${value}` },
  {
    value: ({ memory }) => memory,
    words: (value) => `${(Number.parseInt(value, 10) / 1024 ** 2).toPrecision(3)} GiB of memory`,
    par: (one, other) => {
      const [a, b] = [Number.parseInt(one, 10), Number.parseInt(other, 10)];
      return !(Math.max(a, b) / Math.min(a, b) > MEMORY_RATIO);
    },
  },
  {
    value: pinning,
    words: (value) => (value === 'all' ? 'all of its CPUs' : `only the CPUs ${value} of its own`),
  },
  { value: ({ numa }) => numa, words: (value) => `the NUMA nodes ${value}` },
  { value: ({ hugepages }) => hugepages, words: (value) => `${value} huge pages set aside` },
  { value: ({ thp }) => thp, words: (value) => `transparent huge pages ${value}` },
  { value: ({ smt }) => smt, words: (value) => (value === '1' ? 'SMT' : 'no SMT') },
  {
    value: ({ vulnerable, smt }) => vulnerable ?? (smt === undefined ? undefined : ''),
    words: (value) =>
      value === '' ? 'all mitigations' : `no mitigation of ${value.trim().split(' ').join(', ')}`,
  },
];

/** The CPUs that a process there may run on, of those that are online: Linux lists some besides that are not. */
function pinning({ affinity, online }: Fingerprint): string | undefined {
  if (affinity === undefined || online === undefined) return undefined;
  const allowed = new Set(cpusIn(affinity));
  return cpusIn(online).every((cpu) => allowed.has(cpu)) ? 'all' : affinity;
}

/** More than any kernel is built for. */
const MOST_CPUS = 8192;

/** 0-2,5 as 0, 1, 2, 5. */
function cpusIn(list: string): number[] {
  return list.split(',').flatMap((part) => {
    const [from = NaN, to = from] = part.split('-').map(Number);
    return Number.isInteger(from) && Number.isInteger(to)
      ? Array.from({ length: Math.max(0, Math.min(to - from + 1, MOST_CPUS)) }, (_, at) => from + at)
      : [];
  });
}

/** Of each workload's program, as far as targets tell. */
function programs(fingerprints: readonly Fingerprint[]): Shaping[] {
  const names = new Set(
    fingerprints.flatMap((one) => Object.keys(one)).filter((name) => name.startsWith(PROGRAM)),
  );
  return [...names].map((name) => ({
    value: (fingerprint) => fingerprint[name],
    words: (value) => `a program of ${name.slice(PROGRAM.length)} with the digest ${value}`,
  }));
}

const PROGRAM = 'program ';

type Machines = Pick<Experiment, 'modes' | 'targets'>;

/** What a mode's machines have that its baseline's have not, fact by fact; empty where they are on a par, as far as both tell. */
function disparity(
  mode: string,
  baseline: string,
  experiment: Machines,
  { targets, visits }: Pick<RunRecord, 'targets' | 'visits'>,
): string[] {
  const machines = (name: string) =>
    (experiment.modes[name]?.on ?? []).flatMap((target): Fingerprint[] => {
      const known = targets.get(target);
      return known === undefined ? [] : [known.fingerprint];
    });
  const [ours, theirs] = [machines(mode), machines(baseline)];
  const [pinned, others] = [mode, baseline].map((one) => pinningOf(one, experiment, visits));
  return [...unlike(baseline, pinned, others, VCPUS), ...ofFacts(baseline, ours, theirs)];
}

const VCPUS: Omit<Shaping, 'value'> = {
  words: (value) => (value === 'all' ? 'virtual CPUs that run anywhere' : `virtual CPUs pinned to ${value}`),
};

function ofFacts(baseline: string, ours: readonly Fingerprint[], theirs: readonly Fingerprint[]): string[] {
  return [...SHAPING, ...programs([...ours, ...theirs])].flatMap(({ value, ...shaping }) => {
    const [own, other] = [ours, theirs].map((all) => [...new Set(all.flatMap((one) => value(one) ?? []))]);
    return unlike(baseline, own, other, shaping);
  });
}

/** What one side has that the other has not, in words; nothing where either does not tell. */
function unlike(
  baseline: string,
  own: readonly string[] = [],
  other: readonly string[] = [],
  { words, par = same }: Omit<Shaping, 'value'>,
): string[] {
  if (own.length === 0 || other.length === 0) return [];
  if (own.every((one) => other.some((theirs) => par(one, theirs)))) return [];
  return [`${own.map(words).join(' and ')}, where ${baseline} has ${other.map(words).join(' and ')}`];
}

const same = (one: string, other: string) => one === other;

/** Whether a mode is held against its baseline: not where `parity: required` stands, and their machines differ. */
export function onPar(
  mode: string,
  baseline: string,
  experiment: Machines & Pick<Experiment, 'parity'>,
  record: Pick<RunRecord, 'targets' | 'visits'>,
): boolean {
  return experiment.parity !== 'required' || disparity(mode, baseline, experiment, record).length === 0;
}

/** The warning that some mode was not compared for `parity: required`. */
export const NOT_ON_PAR = 'not-on-par';

/** One warning for all modes that differ from their baselines in the same way. */
export function unequalMachines(
  arms: Arms,
  experiment: Machines & Pick<Experiment, 'parity'>,
  record: Pick<RunRecord, 'targets' | 'visits'>,
): Warning[] {
  const modes = new Map<string, string[]>();
  for (const mode of Object.keys(experiment.modes)) {
    const baseline = baselineOf(mode, arms);
    const found = baseline === undefined ? [] : disparity(mode, baseline, experiment, record);
    if (found.length > 0) modes.set(found.join('; '), [...(modes.get(found.join('; ')) ?? []), mode]);
  }
  return [...modes].map(([found, names]) => ({
    code: experiment.parity === 'required' ? NOT_ON_PAR : 'unequal-machines',
    text:
      experiment.parity === 'required'
        ? `${names.join(', ')}: ${found}. So ${names.length === 1 ? 'it is' : 'they are'} not compared, as parity: required asks: give both sides the same`
        : `${names.join(', ')}: ${found}. What that costs or gains is in ${names.length === 1 ? 'its' : 'their'} figures, too: give both sides the same, or read them so`,
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

/** Modes that were timed as they were counted, where that is what slows them. */
export function countedWhileTimed(
  { modes, workloads }: Pick<Experiment, 'modes' | 'workloads'>,
  { visits }: Pick<RunRecord, 'visits'>,
): Warning[] {
  const timed = workloads.some((spec) => workloadKindOf(spec).facts.yields === 'figures');
  return Object.entries(modes).flatMap(([mode, spec]) => {
    const counted = visits.some((visit) => visit.mode === mode && visit.counters.length > 0);
    if (!timed || !counted || !modeKindOf(spec).facts.countingSlows) return [];
    const text = `${mode} ran by a build that logs each crossing, which is in its times. Take its counts from this run, and its times from one by a build that does not log (vgpubench list modes ${spec.use})`;
    return [{ code: 'counted-while-timed', text }];
  });
}
