import type { Experiment } from '../experiment/schema.ts';
import type { Change, Mode } from '../mode/mode.ts';
import type { PlannedTrial } from '../plan/plan.ts';
import type { Emit, Outcome } from '../record/event.ts';
import type { PendingUndo } from '../record/run-record.ts';
import type { Target } from '../target/target.ts';
import type { Greet } from './greet.ts';
import type { Placed } from './sites.ts';
import type { Unkept } from './unkept.ts';

/** What a visit needs of its session. */
export interface VisitContext {
  experiment: Experiment;
  mode: Mode;
  targets: ReadonlyMap<string, Target>;
  /** Changes that are not undone as it begins, oldest first; it goes on changing. */
  pendingUndo: ReadonlyMap<string, PendingUndo>;
  /** Those of them, by ID, that the visit before has left to this one; and that this one leaves to the next. */
  held: Set<string>;
  /** What the visit that follows begins with, if all goes as planned. */
  next: () => Promise<readonly Change[]>;
  /** The clocksource that each target had when the run met it first; it goes on changing. */
  clocksources: ReadonlyMap<string, string>;
  /** The GPU that did the work of each mode on each target when the run saw it first; it goes on changing. */
  gpus: ReadonlyMap<string, ReadonlyMap<string, string>>;
  /** Whether a target is known to have a GPU. */
  hasGpu: (target: string) => boolean;
  emit: Emit;
  interrupt: AbortSignal;
  /** Why the journal can't be written; undefined as long as it can. */
  unkept: () => Unkept | undefined;
  /** Told of each target that answers: what it is goes into the journal, once a boot. */
  greet: Greet;
  attemptOf: (trial: PlannedTrial) => number;
  run: (trial: PlannedTrial, guests: readonly Placed[]) => Promise<Outcome>;
}
