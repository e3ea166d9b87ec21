import type { Experiment } from '../experiment/schema.ts';
import type { KnownDurations } from '../plan/estimate.ts';
import type { AddedBlocks } from '../plan/added-blocks.ts';
import type { Plan, PlannedTrial } from '../plan/plan.ts';
import type { Event } from '../record/event.ts';
import type { RunRecord } from '../record/run-record.ts';
import type { Pilot } from './pilot.ts';

/** A session of a run, as whoever watches it sees it. */
export interface SessionView {
  directory: string;
  experiment: Experiment;
  plan: Plan;
  /** Grows while the session goes on. */
  record: RunRecord;
  /** Trials that are to be run, as the session begins. */
  pending: readonly PlannedTrial[];
  resumed: boolean;
  /** Blocks that are added to the plan as the session begins, to measure again what looked slower. */
  adding?: AddedBlocks | undefined;
  /** What `design.pilot` came to; undefined where it was not asked for, or is settled since an earlier session. */
  pilot: Pilot | undefined;
  /** How long such trials took in an earlier run of the experiment, in ms by `mode/workload`: reads its journal. */
  earlier: () => KnownDurations;
}

/** What is told of a session, in order. */
export interface Observer {
  /** Each event, once the record has it. */
  see: (event: Event) => void;
  /** Which of the trials that are left need not be run any more. */
  spare: (needless: (trial: PlannedTrial) => boolean) => void;
  /** The session is over: its targets are put back, and its report is not yet made. */
  close: () => void;
}

/** Begins to watch a session. */
export type Observe = (session: SessionView) => Observer;

/** Watches nothing. */
export const unobserved: Observe = () => ({
  see: () => undefined,
  spare: () => undefined,
  close: () => undefined,
});
