/** A session on two simulated machines. */
import { parseExperiment } from '../../src/experiment/load.ts';
import type { Experiment } from '../../src/experiment/schema.ts';
import { type SessionWork, sessionOn } from '../../src/measure/session.ts';
import { makePlan } from '../../src/plan/plan.ts';
import type { Event, EventBody } from '../../src/record/event.ts';
import { fold, recordOf } from '../../src/record/fold.ts';
import { Story } from './events.ts';
import { FakeTarget } from './fake-target.ts';

const MODES = `
  native: { use: native, on: bare, hypervisor: allowed }
  mine: { use: custom, on: guest, prepare: [load], restore: [unload] }`;

export function experimentOf({
  design = '{ blocks: 2, warmup: 0, samples: 2 }',
  modes = MODES,
  /** How the guest is powered, by commands. */
  power = '',
} = {}): Experiment {
  return parseExperiment(
    `name: demo
targets: { bare: { ssh: bare }, guest: { ssh: guest, host: bare${power === '' ? '' : `, power: { use: custom, ${power} }`} } }
modes: ${modes}
workloads:
  - { use: command, name: one, run: ./one, metric: { pattern: "speed: {value}", unit: GB/s, better: higher } }
  - { use: command, name: two, run: ./two, metric: { pattern: "speed: {value}", unit: GB/s, better: higher } }
design: ${design}
`,
    'experiment.yaml',
  );
}

type Parts = Partial<Omit<SessionWork, 'emit' | 'record'>> & {
  earlier?: readonly Event[];
  bare?: FakeTarget;
  guest?: FakeTarget;
  see?: (event: EventBody) => void;
};

/**
 * One session on two machines; returns its events, what it returned or threw, and the state of each trial.
 */
export async function session(parts: Parts = {}) {
  const experiment = parts.experiment ?? experimentOf();
  const plan = parts.plan ?? makePlan(experiment);
  const record = recordOf(parts.earlier ?? []);
  // Whoever holds a session opens it in the journal.
  const story = new Story().add({ type: 'run-resumed', versions: {}, pid: 8, retry: false });
  fold(record, story.events[0]!);
  const { bare = new FakeTarget('bare'), guest = new FakeTarget('guest') } = parts;
  const ended = await sessionOn(new Map([bare, guest].map((target) => [target.name, target])), {
    ...{ experiment, plan, record, token: 'f00d', retry: false, keepGoing: false },
    ...{ interrupt: new AbortController().signal, unkept: () => undefined },
    settled: () => ({ reason: null, skip: () => false }),
    ...parts,
    emit: (body) => {
      fold(record, story.add(body).events.at(-1)!);
      parts.see?.(body);
    },
  }).catch((error: unknown) => (error as Error).message);
  const { events } = story;
  const started = events.flatMap((event) =>
    event.type === 'trial-started' ? `${event.trial} ${event.attempt} from ${event.fromIndex}` : [],
  );
  return { ended, events, started, plan, record, bare, guest };
}
