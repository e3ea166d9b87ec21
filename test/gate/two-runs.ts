/** Simulated runs for gates: one as BASE, and others as HEAD that differ from it. */
import type { PlannedTrial } from '../../src/plan/plan.ts';
import { type Simulation, simulatedRun } from '../compare/simulated-run.ts';

export const run = (simulation: Simulation = {}) => simulatedRun(simulation).results;
export const base = run({ seed: 1 });

/** Values of which `slow` takes `factor` times as long as in the usual simulation, and everything `all` times. */
export function factor(slow: number, all = 1, sd = 0.01): Simulation['value'] {
  return ({ mode }: PlannedTrial, _: number, noise: number) =>
    100 * all * (mode === 'slow' ? 1.1 * slow : 1) * Math.exp(sd * noise);
}

export const WORK =
  '  - { use: command, name: work, run: ./work, metric: { name: time, field: t, unit: ms, better: lower } }\n';
