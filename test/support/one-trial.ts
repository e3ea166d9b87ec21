/** A single trial, in guests that don't exist. */
import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseExperiment } from '../../src/experiment/load.ts';
import { sitesOf } from '../../src/measure/sites.ts';
import { type TrialStart, runTrial } from '../../src/measure/trial.ts';
import type { Mode } from '../../src/mode/mode.ts';
import { makePlan } from '../../src/plan/plan.ts';
import type { EventBody } from '../../src/record/event.ts';
import { workloadFor } from '../../src/workload/kinds.ts';
import type { FakeTarget } from './fake-target.ts';

const MODE: Mode = {
  name: 'native',
  prepare: () => Promise.resolve([]),
  attest: () => Promise.resolve([]),
  counters: () => Promise.resolve({}),
  wrap: (command) => `wrapped ${command}`,
  environment: { GPU: 'one' },
};

interface Parts {
  start?: Partial<TrialStart>;
  mode?: Partial<Mode>;
  warmup?: number;
  samples?: number;
  limitMs?: number;
  interrupt?: AbortSignal;
  /** Called for each event as it happens. */
  see?: (event: EventBody) => void;
}

/** Runs the one trial of a plan in the given guests, and returns what was emitted. */
export async function runOneTrial(guests: readonly FakeTarget[], parts: Parts = {}) {
  const names = guests.map(({ name }) => name);
  const experiment = parseExperiment(
    `name: demo
targets: { ${names.map((name) => `${name}: { ssh: ${name} }`).join(', ')} }
modes: { native: { use: native, on: [${names.join(', ')}] } }
workloads: [{ use: command, name: w, run: ./w, metric: { pattern: "speed: {value}", unit: GB/s, better: higher, limit: 99 } }]
design: { blocks: 1, warmup: ${parts.warmup ?? 0}, samples: ${parts.samples ?? 3} }
`,
    'experiment.yaml',
  );
  const events: EventBody[] = [];
  const emit = (event: EventBody) => {
    events.push(event);
    parts.see?.(event);
  };
  const outcome = await runTrial(
    makePlan(experiment).trials[0]!,
    { attempt: 1, samplesDone: 0, resumed: false, ...parts.start },
    {
      experiment,
      mode: { ...MODE, ...parts.mode },
      workload: await workloadFor(experiment.workloads[0]!),
      guests: sitesOf(names, experiment, new Map(guests.map((guest) => [guest.name, guest])), emit),
      limitMs: parts.limitMs ?? 60_000,
      emit,
      interrupt: parts.interrupt ?? new AbortController().signal,
    },
  );
  const of = <T extends EventBody['type']>(type: T) =>
    events.filter((event): event is Extract<EventBody, { type: T }> => event.type === type);
  return {
    outcome,
    events,
    samples: of('sample').map(({ index, warmup, guests: read }) => ({
      index,
      warmup,
      values: read.map(({ readings }) => readings[0]?.metrics[0]?.value),
    })),
    incidents: of('incident'),
    ended: of('trial-ended'),
    attested: of('attested'),
  };
}

/** The expected sample. */
export const sampleOf = (index: number, ...values: number[]) => ({ index, warmup: false, values });
export const never = () => new Promise<never>(() => undefined);
/** Where the trial keeps its files in a guest. */
export const DIRECTORY = 'b1.native.w.1';

/** Nothing of the trial is still running in the guest, and nothing is left there once the visit has ended. */
export async function assertLeft(guest: FakeTarget): Promise<void> {
  const [ran, opened] = [guest.ran.length, guest.streams.size];
  await sleep(5);
  await guest.endVisit();
  assert.deepEqual([...guest.kept.keys()], []);
  assert.deepEqual([guest.ran.length, guest.streams.size], [ran, opened]);
  assert.equal(opened, 0);
}
