/** A run on two GPUs, each with a native run of its own: how much of it the modes keep is known. */
import type { PlannedTrial } from '../../src/plan/plan.ts';
import { type Simulation, type SimulatedRun, simulatedRun } from './simulated-run.ts';

export const TWO_GPUS = `  native: { use: native, on: a, driver: nouveau }
  pvdrm: { use: custom, on: b, environment: { GPU: nv } }
  native-i915: { use: native, on: c, driver: i915 }
  mediated: { use: custom, on: c, environment: { GPU: igd }, baseline: native-i915 }`;

/** What a run takes, in ms: pvdrm 1.1 times as long as on its GPU, mediated 1.25 times. */
const MS: Readonly<Record<string, number>> = { native: 100, pvdrm: 110, 'native-i915': 400, mediated: 500 };

export const msOf = (mode: string): number => MS[mode] ?? 100;

const work = (name: string) =>
  `  - { use: command, name: ${name}, run: ./${name}, metric: { name: time, field: t, unit: ms, better: lower } }`;

/** Two workloads, and 0.2% of noise. */
export function twoGpus(over: Simulation = {}): SimulatedRun {
  return simulatedRun({
    modes: TWO_GPUS,
    workloads: [work('copy'), work('mmul')].join('\n'),
    value: ({ mode }: PlannedTrial, _, noise) => msOf(mode) * Math.exp(0.002 * noise),
    ...over,
  });
}
