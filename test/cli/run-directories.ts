/** Simulated runs as directories. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Shard } from '../../src/experiment/shard.ts';
import type { Plan } from '../../src/plan/plan.ts';
import type { Event } from '../../src/record/event.ts';
import { FILES, planText } from '../../src/record/run-directory.ts';
import { type Simulation, simulatedRun } from '../compare/simulated-run.ts';

/** Writes what a run leaves: experiment, plan, journal. */
export function writeRun(directory: string, simulation: Simulation): string {
  const { source, plan, events } = simulatedRun(simulation);
  return write(directory, source, plan, events);
}

/** The same of a shard. @param change What becomes of its events */
export function writeShard(
  directory: string,
  shard: Shard & { node?: string },
  simulation: Simulation,
  change: (events: Event[]) => Event[] = (events) => events,
): string {
  const { index, of, node = 'n1' } = shard;
  const { source, plan, events } = simulatedRun({ ...simulation, part: { shard: { index, of } } });
  const opened = events.map((event) =>
    event.type === 'run-started' ? { ...event, shard: { index, of, node } } : event,
  );
  return write(directory, source, plan, change(opened));
}

function write(directory: string, source: string, plan: Plan, events: readonly Event[]): string {
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, FILES.experiment), source);
  writeFileSync(join(directory, FILES.plan), planText(plan));
  writeFileSync(join(directory, FILES.journal), events.map((event) => `${JSON.stringify(event)}\n`).join(''));
  return directory;
}
