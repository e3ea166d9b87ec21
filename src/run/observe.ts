import type { Experiment } from '../experiment/schema.ts';
import type { KnownDurations } from '../plan/estimate.ts';
import type { AddedBlocks } from '../plan/added-blocks.ts';
import type { Plan, PlannedTrial } from '../plan/plan.ts';
import type { Event } from '../record/event.ts';
import type { RunRecord } from '../record/run-record.ts';
import type { Pilot } from './pilot.ts';

/** A session of a run, from the point of view of its watcher. */
export interface SessionView {
  directory: string;
  experiment: Experiment;
  plan: Plan;
  /** Grows while the session goes on. */
  record: RunRecord;
  /** Trials that are to be run, when the session begins. */
  pending: readonly PlannedTrial[];
  resumed: boolean;
  /** Blocks added to the plan when the session begins, to measure again what looked slower. */
  adding?: AddedBlocks | undefined;
  /**
   * The result of `design.pilot`; undefined if it was not requested, or was settled in an earlier session.
   */
  pilot: Pilot | undefined;
  /**
   * How long such trials took in an earlier run of the experiment, in ms by `mode/workload`: reads its
   * journal.
   */
  earlier: () => KnownDurations;
}

/** What the watcher of a session is told, in order. */
export interface Observer {
  /** Each event, once it is in the record. */
  see: (event: Event) => void;
  /** Which of the remaining trials have become unnecessary. */
  spare: (needless: (trial: PlannedTrial) => boolean) => void;
  /** The session is over: changes are undone, but its report is not made yet. */
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
