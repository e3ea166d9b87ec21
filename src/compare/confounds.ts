/** Differences between a mode and its baseline other than the mode, and other problems with the machines. */
import { type Arms, baselineOf } from '../experiment/baseline.ts';
import type { Experiment } from '../experiment/schema.ts';
import { modeKindOf } from '../mode/kinds.ts';
import type { RunRecord } from '../record/run-record.ts';
import { workloadKindOf } from '../workload/kinds.ts';
import { pinningOf } from './machine-states.ts';
import type { Warning } from './warning.ts';

/** A fact of a machine that affects figures however the GPU reaches it. */
interface Shaping {
  value: (fingerprint: Fingerprint) => string | undefined;
  /** It in prose. */
  words: (value: string) => string;
  /** Whether two values match; by default the same text. */
  par?: (one: string, other: string) => boolean;
}

type Fingerprint = Readonly<Record<string, string>>;

/**
 * Memory sizes that differ by less than this match: what firmware and kernel reserve is not exactly the same
 * anywhere.
 */
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

/** The CPUs that a process there may run on, out of those online: Linux also lists offline ones. */
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

/** The program of each workload, as far as targets report it. */
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

/**
 * How a mode's machines differ from its baseline's, fact by fact; empty if they match, as far as both report.
 */
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

/** What one side has and the other lacks, in words; empty if either does not report it. */
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

/**
 * Whether a mode is compared with its baseline: not if `parity: required` is set and their machines differ.
 */
export function onPar(
  mode: string,
  baseline: string,
  experiment: Machines & Pick<Experiment, 'parity'>,
  record: Pick<RunRecord, 'targets' | 'visits'>,
): boolean {
  return experiment.parity !== 'required' || disparity(mode, baseline, experiment, record).length === 0;
}

/** The warning that a mode was not compared because of `parity: required`. */
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
        ? `${names.join(', ')}: ${found}. Because of parity: required, ${names.length === 1 ? 'it is' : 'they are'} not compared: make both sides match`
        : `${names.join(', ')}: ${found}. This affects ${names.length === 1 ? 'its' : 'their'} figures: make both sides match, or keep it in mind when you read them`,
  }));
}

/** How far the load may exceed the CPUs of a machine. */
const BUSY = 1.5;

/** Machines that were busy with something else, or that save power. */
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
              text: `${target} had a load of ${most.toFixed(1)} on ${cpus} CPU${cpus === 1 ? '' : 's'}, which is overloaded. See what else runs there (top), and measure without it`,
            },
          ]
        : []),
      ...(fingerprint['governor'] === 'powersave'
        ? [
            {
              code: 'powersave',
              text: `${target} saves power: its CPU clocks follow the load, so short work runs slower. During the run: cpupower frequency-set -g performance, as root there`,
            },
          ]
        : []),
    ];
  });
}

/** Modes that were timed while counting, if counting slows them down. */
export function countedWhileTimed(
  { modes, workloads }: Pick<Experiment, 'modes' | 'workloads'>,
  { visits }: Pick<RunRecord, 'visits'>,
): Warning[] {
  const timed = workloads.some((spec) => workloadKindOf(spec).facts.yields === 'figures');
  return Object.entries(modes).flatMap(([mode, spec]) => {
    const counted = visits.some((visit) => visit.mode === mode && visit.counters.length > 0);
    if (!timed || !counted || !modeKindOf(spec).facts.countingSlows) return [];
    const text = `${mode} ran with a build that logs each crossing, which increases its times. Use the counts of this run, and the times of a run with a build that does not log (vgpubench list modes ${spec.use})`;
    return [{ code: 'counted-while-timed', text }];
  });
}
