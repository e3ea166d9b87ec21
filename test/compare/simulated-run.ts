/** A run without a machine: a real experiment, plan and journal, whose samples come from a function. */
import { resultsOf } from '../../src/compare/compare.ts';
import type { Results } from '../../src/compare/results.ts';
import type { Part } from '../../src/experiment/part.ts';
import { parseExperiment } from '../../src/experiment/load.ts';
import type { Experiment } from '../../src/experiment/schema.ts';
import { type Plan, type PlannedTrial, makePlan } from '../../src/plan/plan.ts';
import type { Event, EventBody, Outcome } from '../../src/record/event.ts';
import { JOURNAL_FORMAT } from '../../src/record/event.ts';
import type { Origin } from '../../src/record/origin.ts';
import { derive, seeded } from '../../src/statistics/prng.ts';
import { standardNormal } from '../statistics/draws.ts';
import { recordOf } from '../../src/record/fold.ts';

export interface Simulation {
  targets?: string;
  modes?: string;
  workloads?: string;
  design?: string;
  baseline?: string;
  seed?: number;
  /** Of the experiment, that is run. */
  part?: Part;
  fingerprint?: Record<string, string>;
  /** The boot id that targets a and b tell before each block; one boot by default. */
  bootOf?: (block: number) => string;
  /** The value of a sample; `noise` is standard normal, of its own for each sample. */
  value?:
    | ((trial: PlannedTrial, sample: number, noise: number, warmup: boolean, target: string) => number)
    | undefined;
  /** By the guest's clock; none by default. */
  durationNs?: (trial: PlannedTrial, target: string) => number;
  /** The tick of the guests' clocks; 1 by default. */
  tickNs?: number;
  /** The figure is the duration, in ms. */
  byClock?: boolean;
  /** Between the first and the last guest's start. */
  startSpreadNs?: number;
  outcome?: (trial: PlannedTrial) => Outcome;
  crossings?: (trial: PlannedTrial) => Record<string, number>;
  hypercalls?: (trial: PlannedTrial) => Record<string, number>;
  /** How many a reading stands for. */
  operations?: (trial: PlannedTrial) => number;
  endReason?: 'completed' | 'interrupted' | 'budget' | null;
  /** Takes at most this many trials of the plan. */
  upTo?: number;
  token?: string;
  /** When all of it happened, ISO 8601. */
  wall?: string;
  origin?: Origin;
}

export interface SimulatedRun {
  experiment: Experiment;
  plan: Plan;
  events: Event[];
  results: Results;
  /** The text of its experiment file. */
  source: string;
}

/** Two modes on one guest each, one workload in ms, ten blocks: `slow` takes 10% longer, with 1% of noise. */
export function simulatedRun(simulation: Simulation = {}): SimulatedRun {
  const source = sourceOf(simulation);
  const experiment = parseExperiment(source, 'simulated.yaml');
  const plan = makePlan(experiment, simulation.seed, simulation.part);
  const events = eventsOf(simulation, experiment, plan);
  return { experiment, plan, events, results: resultsOf(experiment, plan, recordOf(events)), source };
}

function sourceOf({ targets, modes, workloads, design, baseline }: Simulation): string {
  return `name: simulated
baseline: ${baseline ?? 'native'}
targets: ${targets ?? '{ a: { ssh: a }, b: { ssh: b }, c: { ssh: c } }'}
modes:
${modes ?? '  native: { use: native, on: a }\n  slow: { use: custom, on: b, environment: { LEVEL: one } }'}
workloads:
${workloads ?? '  - { use: command, name: work, run: ./work, metric: { name: time, field: t, unit: ms, better: lower } }'}
design: ${design ?? '{ blocks: 10, samples: 2, warmup: 1, margin: 3% }'}
`;
}

function eventsOf(simulation: Simulation, experiment: Experiment, plan: Plan): Event[] {
  const events: Event[] = [];
  const { token = 't', wall = '2030-01-01T00:00:00.000Z', origin } = simulation;
  const emit = (body: EventBody) => {
    events.push({ v: JOURNAL_FORMAT, atMs: events.length, wall, ...body });
  };
  const { endReason = 'completed', fingerprint = { kernel: 'one', boot: String(plan.seed) } } = simulation;
  emit({
    ...{ type: 'run-started', token, directory: '/', versions: { vgpubench: '1' }, pid: 1 },
    ...(origin === undefined ? {} : { origin }),
  });
  const ready = (facts: Record<string, string>) => {
    for (const target of ['a', 'b'])
      emit({
        type: 'target-ready',
        target,
        shell: 'sh',
        clock: { source: 'date', tickNs: simulation.tickNs ?? 1, monotonic: true },
        scratch: '/dev/shm',
        fingerprint: facts,
      });
  };
  let boot: string | undefined;
  if (simulation.bootOf === undefined) ready(fingerprint);
  for (const trial of plan.trials.slice(0, simulation.upTo)) {
    const next = simulation.bootOf?.(trial.block);
    if (next !== undefined && next !== boot) ready({ ...fingerprint, boot: next });
    boot = next;
    emitTrial(trial, simulation, experiment, plan, emit);
  }
  if (endReason !== null) emit({ type: 'run-ended', reason: endReason });
  return events;
}

function emitTrial(
  trial: PlannedTrial,
  simulation: Simulation,
  { design, workloads }: Experiment,
  plan: Plan,
  emit: (body: EventBody) => void,
): void {
  const { value = slower, outcome = () => ({ kind: 'completed' }) as const } = simulation;
  const random = seeded(derive(plan.seed, 'simulated', trial.id));
  const spec = workloads.find((one) => one.name === trial.workload);
  const metric = spec?.use === 'command' ? (spec.metric ?? spec.metrics?.[0]) : undefined;
  const name = metric?.name ?? 'value';
  const { unit = 'ms', better = 'lower' } = metric ?? {};
  emit({ type: 'trial-started', trial: trial.id, attempt: 1, fromIndex: 0 });
  const sample = (index: number, warmup: boolean) => {
    emit({
      type: 'sample',
      trial: trial.id,
      attempt: 1,
      index,
      warmup,
      startSpreadNs: trial.targets.length > 1 ? (simulation.startSpreadNs ?? 0) : null,
      guests: trial.targets.map((target) => {
        const drawn = value(trial, index, standardNormal(random), warmup, target);
        const durationNs = simulation.byClock
          ? Math.round(1e6 * drawn)
          : (simulation.durationNs?.(trial, target) ?? null);
        const figure = simulation.byClock ? (durationNs ?? NaN) / 1e6 : drawn;
        return {
          target,
          durationNs,
          readings: [
            {
              metrics: [{ name, unit, better, value: figure }],
              phases: {},
              crossings: simulation.crossings?.(trial) ?? {},
              ...(simulation.hypercalls && { hypercalls: simulation.hypercalls(trial) }),
              ...(simulation.operations && { operations: simulation.operations(trial) }),
            },
          ],
        };
      }),
    });
  };
  for (let index = 0; index < design.warmup; index++) sample(index, true);
  for (let index = 0; index < design.samples; index++) sample(index, false);
  emit({ type: 'trial-ended', trial: trial.id, attempt: 1, outcome: outcome(trial) });
}

function slower({ mode }: PlannedTrial, _: number, noise: number): number {
  return 100 * (mode === 'slow' ? 1.1 : 1) * Math.exp(0.01 * noise);
}
