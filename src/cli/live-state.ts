import type { Comparison } from '../compare/results.ts';
import type { Experiment } from '../experiment/schema.ts';
import { estimate } from '../plan/estimate.ts';
import type { Plan, PlannedTrial } from '../plan/plan.ts';
import type { Event } from '../record/event.ts';
import { type Progress, trialDurations } from '../record/progress.ts';

/** What a person who watches a run wants to know. */
export interface LiveState {
  name: string;
  block: number;
  blocks: number;
  /** Trials that ended, or that adaptive stopping made needless, of all planned. */
  done: number;
  trials: number;
  mode: string;
  workload: string;
  sample: number;
  warmup: boolean;
  samples: number;
  startedMs: number;
  /** Expected time of what is left, in ms; null while nothing is known. */
  leftMs: number | null;
  incidents: { count: number; last: string };
  comparisons: readonly Comparison[];
  /** What is being done between trials. */
  doing: string;
}

/** Follows a run's events. Pure but for the progress it is given, which the caller keeps. */
export class Watcher {
  readonly state: LiveState;
  readonly #experiment: Experiment;
  readonly #plan: Plan;
  readonly #ended = new Set<string>();
  readonly #known: Map<string, number>;
  /** When the session began, or its newest trial ended. */
  #sinceMs: number | undefined;
  #needless: (trial: PlannedTrial) => boolean = () => false;

  /** @param earlier durations of such trials in earlier runs, in ms by `mode/workload`. */
  constructor(
    experiment: Experiment,
    plan: Plan,
    progress: Progress,
    nowMs: number,
    earlier: ReadonlyMap<string, number>,
  ) {
    this.#experiment = experiment;
    this.#plan = plan;
    this.#known = new Map([...earlier, ...trialDurations(plan, progress)]);
    for (const [id, { outcome }] of progress.trials) if (outcome?.kind === 'completed') this.#ended.add(id);
    this.state = {
      name: plan.experiment,
      block: 0,
      blocks: plan.blocks,
      done: 0,
      trials: plan.trials.length,
      mode: '',
      workload: '',
      sample: 0,
      warmup: false,
      samples: experiment.design.samples,
      startedMs: nowMs,
      leftMs: null,
      incidents: { count: 0, last: '' },
      comparisons: [],
      doing: 'connecting',
    };
    this.#count();
  }

  /** Told before each block which of the trials that are left adaptive stopping has made needless. */
  spare(needless: (trial: PlannedTrial) => boolean): void {
    this.#needless = needless;
    this.#count();
  }

  see(event: Event): void {
    const { state } = this;
    switch (event.type) {
      case 'run-started':
      case 'run-resumed':
        this.#sinceMs = event.atMs;
        break;
      case 'trial-started': {
        const trial = this.#plan.trials.find(({ id }) => id === event.trial);
        if (trial !== undefined)
          Object.assign(state, {
            block: trial.block,
            mode: trial.mode,
            workload: trial.workload,
            sample: event.fromIndex,
            doing: '',
          });
        this.#sinceMs ??= event.atMs;
        break;
      }
      case 'sample':
        Object.assign(state, { sample: event.index + 1, warmup: event.warmup });
        break;
      case 'trial-ended':
        this.#end(event);
        break;
      case 'undo-planned':
        state.doing = `preparing ${event.mode}`;
        break;
      case 'attested':
        state.doing = `attested ${event.mode} ${event.when} its trials`;
        break;
      case 'undone':
        state.doing = 'putting the target back';
        break;
      case 'incident':
        state.incidents = { count: state.incidents.count + 1, last: event.text };
        break;
    }
  }

  #end(event: Extract<Event, { type: 'trial-ended' }>): void {
    const trial = this.#plan.trials.find(({ id }) => id === event.trial);
    const since = this.#sinceMs;
    this.#sinceMs = event.atMs;
    // A trial that is found void once its mode is left, ends a second time.
    const first = !this.#ended.has(event.trial);
    if (event.outcome.kind !== 'aborted') this.#ended.add(event.trial);
    if (trial !== undefined && since !== undefined && first) {
      const key = `${trial.mode}/${trial.workload}`;
      // With what led to it: entering its mode, and leaving the one before.
      const took = event.atMs - since;
      // The newest trials count most: what is left is more like them.
      this.#known.set(key, ((this.#known.get(key) ?? took) + took) / 2);
    }
    this.#count();
  }

  #count(): void {
    const left = this.#plan.trials.filter((trial) => !this.#ended.has(trial.id) && !this.#needless(trial));
    this.state.done = this.#plan.trials.length - left.length;
    this.state.leftMs = estimate(this.#experiment, left, this.#known).expectedMs;
  }
}
