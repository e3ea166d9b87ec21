import type { Experiment } from '../experiment/schema.ts';
import type { Change, Mode } from '../mode/mode.ts';
import type { PlannedTrial } from '../plan/plan.ts';
import type { Emit, Outcome } from '../record/event.ts';
import type { PendingUndo } from '../record/run-record.ts';
import type { Target } from '../target/target.ts';
import type { Greet } from './greet.ts';
import type { Placed } from './sites.ts';
import type { Unkept } from './unkept.ts';

/** What a visit needs from its session. */
export interface VisitContext {
  experiment: Experiment;
  mode: Mode;
  targets: ReadonlyMap<string, Target>;
  /** Pending changes when it begins, oldest first; changes over time. */
  pendingUndo: ReadonlyMap<string, PendingUndo>;
  /** Those of them, by ID, that the previous visit left to this one, and that this one leaves to the next. */
  held: Set<string>;
  /** The first changes of the next visit, if all goes as planned. */
  next: () => Promise<readonly Change[]>;
  /** The clocksource of each target when the run first met it; changes over time. */
  clocksources: ReadonlyMap<string, string>;
  /** The GPU that did the work of each mode on each target when first seen; changes over time. */
  gpus: ReadonlyMap<string, ReadonlyMap<string, string>>;
  /** Whether a target is known to have a GPU. */
  hasGpu: (target: string) => boolean;
  emit: Emit;
  interrupt: AbortSignal;
  /** Why the journal can't be written; undefined as long as it can. */
  unkept: () => Unkept | undefined;
  /** Called for each target that answers, to journal what it is, once per boot. */
  greet: Greet;
  attemptOf: (trial: PlannedTrial) => number;
  run: (trial: PlannedTrial, guests: readonly Placed[]) => Promise<Outcome>;
}
