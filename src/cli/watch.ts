import { comparisonsOf } from '../compare/compare.ts';
import type { Experiment } from '../experiment/schema.ts';
import type { Plan, PlannedTrial } from '../plan/plan.ts';
import type { Event } from '../record/event.ts';
import { progressOf } from '../record/progress.ts';
import { Watcher } from './live-state.ts';
import { LiveView } from './live-view.ts';
import { coloursFor, oneLine, span, tell } from './output.ts';

export interface WatchOptions {
  experiment: Experiment;
  plan: Plan;
  /** The journal's events; grows while the run goes on. */
  events: readonly Event[];
  json: boolean;
  earlier: ReadonlyMap<string, number>;
}

/** Shows a run on stderr: live on a terminal, plain lines in a pipe, the events themselves with --json. */
export function watch({ experiment, plan, events, json, earlier }: WatchOptions): {
  see: (event: Event) => void;
  /** Told which of the trials that are left need not be run any more. */
  spare: (needless: (trial: PlannedTrial) => boolean) => void;
  close: () => void;
} {
  if (json)
    return {
      see: (event) => {
        tell(JSON.stringify(event));
      },
      spare: () => undefined,
      close: () => undefined,
    };
  const watcher = new Watcher(experiment, plan, progressOf(events), performance.now(), earlier);
  // A terminal without a size can't be drawn on.
  const drawable = process.stderr.isTTY && process.stderr.rows > 0;
  const view = drawable ? new LiveView(watcher.state, coloursFor(process.stderr)) : undefined;
  let block = 0;
  return {
    see: (event) => {
      watcher.see(event);
      if (view === undefined) plainLine(event, watcher);
      if (watcher.state.block === block) return;
      // Intervals cost some work, so they are renewed once a block.
      if (block > 1) watcher.state.comparisons = comparisonsOf(experiment, plan, events);
      block = watcher.state.block;
    },
    spare: (needless) => {
      watcher.spare(needless);
    },
    close: () => {
      watcher.state.doing = 'done';
      if (view !== undefined) watcher.state.comparisons = comparisonsOf(experiment, plan, events);
      view?.close();
    },
  };
}

function plainLine(event: Event, { state }: Watcher): void {
  const time = event.wall.slice(11, 19);
  const left = state.leftMs === null ? '' : `, about ${span(state.leftMs)} left`;
  if (event.type === 'target-ready')
    tell(`${time} ${event.target} is ready (${event.shell}, clock ${event.clock.source})`);
  if (event.type === 'trial-started')
    tell(`${time} ${state.done + 1}/${state.trials} ${event.trial} begins${left}`);
  if (event.type === 'trial-ended')
    tell(`${time} ${state.done}/${state.trials} ${event.trial} ${event.outcome.kind}${left}`);
  if (event.type === 'incident') tell(`${time} incident: ${event.kind}: ${oneLine(event.text)}`);
  if (event.type === 'attested' && !event.ok)
    tell(`${time} ${event.mode} is not attested ${event.when} its trials of block ${event.block}`);
}
