import { join } from 'node:path';
import type { Experiment } from '../../src/experiment/schema.ts';
import type { Plan } from '../../src/plan/plan.ts';
import { makePlan } from '../../src/plan/plan.ts';
import {
  type Event,
  type EventBody,
  type GuestSample,
  JOURNAL_FORMAT,
  type Outcome,
} from '../../src/record/event.ts';
import { readEvents } from '../../src/record/read-journal.ts';
import { experimentWith } from './experiment-text.ts';

/** All events of a run directory's journal. */
export function eventsIn(directory: string): Event[] {
  return [...readEvents(join(directory, 'journal.jsonl'))];
}

const COMPLETED: Outcome = { kind: 'completed' };

/** The result of one guest: values of the metrics, each `[name, value]`; higher is better by default. */
export interface Figures {
  target?: string;
  better?: 'higher' | 'lower';
  metrics: Record<string, number[]>;
  phases?: Record<string, number>;
  crossings?: Record<string, number>;
  checksum?: string;
  clockShare?: number;
}

/** Writes the events of a run as its journal would contain them, a second apart. */
export class Story {
  readonly events: Event[] = [];

  add(body: EventBody): this {
    const second = this.events.length;
    const wall = new Date(Date.UTC(2026, 0, 2, 3, 4, second)).toISOString();
    this.events.push({ v: JOURNAL_FORMAT, atMs: 1000 * second, wall, ...body });
    return this;
  }

  begin(): this {
    return this.add({
      type: 'run-started',
      token: 'f00d',
      directory: '/exp',
      versions: { vgpubench: '1' },
      pid: 7,
    });
  }

  /** Evidence of a visit, before and after. */
  attest(block: number, mode: string, ok = true, findings = 1): this {
    const finding = { target: 'bare', claim: 'it is', ok, evidence: 'seen' };
    for (const when of ['before', 'after'] as const)
      this.add({
        type: 'attested',
        block,
        mode,
        when,
        ok,
        findings: Array.from({ length: findings }, () => finding),
      });
    return this;
  }

  start(trial: string, attempt = 1): this {
    return this.add({ type: 'trial-started', trial, attempt, fromIndex: 0 });
  }

  sample(
    trial: string,
    index: number,
    guests: Figures[],
    over: { attempt?: number; warmup?: boolean } = {},
  ): this {
    const { attempt = 1, warmup = false } = over;
    const body = { type: 'sample', trial, attempt, index, warmup, guests: guests.map(guestOf) } as const;
    return this.add({ ...body, startSpreadNs: null });
  }

  end(trial: string, outcome: Outcome = COMPLETED, attempt = 1): this {
    return this.add({ type: 'trial-ended', trial, attempt, outcome });
  }

  /** A completed trial of one guest with the given samples of `gflops`. */
  trial(trial: string, values: number[], figures: Omit<Figures, 'metrics'> = {}): this {
    this.start(trial);
    values.forEach((value, index) =>
      this.sample(trial, index, [{ ...figures, metrics: { gflops: [value] } }]),
    );
    return this.end(trial);
  }
}

function guestOf({
  target = 'bare',
  better = 'higher',
  metrics,
  phases = {},
  crossings = {},
  checksum,
  clockShare,
}: Figures): GuestSample {
  const rows = Math.max(...Object.values(metrics).map((values) => values.length));
  const readings = Array.from({ length: rows }, (_, row) => ({
    metrics: Object.entries(metrics).flatMap(([name, values]) => {
      const value = values[row];
      return value === undefined ? [] : [{ name, unit: 'GFLOP/s', better, value }];
    }),
    phases,
    crossings,
    ...(checksum === undefined ? {} : { checksum }),
    ...(clockShare === undefined ? {} : { clockShare }),
  }));
  return { target, durationNs: 1e9, readings };
}

/** The id of a trial of the workload mmul in a plan of fewer than ten blocks. */
export function trialOf(block: number, mode: string): string {
  return `b${block}.${mode}.mmul`;
}

export interface Run {
  experiment: Experiment;
  plan: Plan;
  events: Event[];
}

/** A run of modes native and slow with the given samples by block; every visit is attested. */
export function runOf(
  native: number[][],
  slow: number[][],
  over: { design?: string; figures?: Omit<Figures, 'metrics'> } = {},
): Run {
  const blocks = Math.max(native.length, slow.length);
  const experiment = experimentWith(`{ blocks: ${blocks}, seed: 3${over.design ?? ''} }`);
  const story = new Story().begin();
  for (let block = 1; block <= blocks; block++)
    for (const [mode, values] of [
      ['native', native[block - 1]],
      ['slow', slow[block - 1]],
    ] as const)
      if (values !== undefined) story.attest(block, mode).trial(trialOf(block, mode), values, over.figures);
  return { experiment, plan: makePlan(experiment), events: story.events };
}
