/** Simulated runs as directories. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { FILES, planText } from '../../src/record/run-directory.ts';
import { type Simulation, simulatedRun } from '../compare/simulated-run.ts';

/** Writes what a run leaves: experiment, plan, journal. */
export function writeRun(directory: string, simulation: Simulation): string {
  const { source, plan, events } = simulatedRun(simulation);
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, FILES.experiment), source);
  writeFileSync(join(directory, FILES.plan), planText(plan));
  writeFileSync(join(directory, FILES.journal), events.map((event) => `${JSON.stringify(event)}\n`).join(''));
  return directory;
}
