import type { Experiment } from '../experiment/schema.ts';
import type { Emit } from '../record/event.ts';
import type { RunRecord } from '../record/run-record.ts';
import type { Target } from '../target/target.ts';

/** What machines need from their session. */
export interface MachinesContext {
  experiment: Experiment;
  targets: ReadonlyMap<string, Target>;
  /** Changes as events are emitted. */
  record: Pick<RunRecord, 'machines' | 'cutOff' | 'targets'>;
  emit: Emit;
  interrupt: AbortSignal;
}
