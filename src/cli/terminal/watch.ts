import { comparisonsOf } from '../../compare/compare.ts';
import type { Observer, SessionView } from '../../run/observe.ts';
import { foldsOf } from './folds.ts';
import { type Watched, liveStateOf, outcomesBefore } from './live-state.ts';
import { LiveView } from './live-view.ts';
import { Log } from './log.ts';
import { coloursFor, tell, tellJson } from './output.ts';

/** How a session is shown on stderr. */
export interface Watching {
  /** As the events of its journal. */
  json: boolean;
  /** Not at all. */
  quiet?: boolean | undefined;
  /** As a line per event. */
  verbose?: boolean | undefined;
}

/** Shows a session on stderr: live on a terminal, as a log in a pipe. */
export function watch(session: SessionView, { json, quiet = false, verbose = false }: Watching): Observer {
  if (quiet) return SILENT;
  if (json)
    return {
      ...SILENT,
      see: (event) => {
        tellJson(event);
      },
    };
  const { experiment, plan, record } = session;
  const watched: Watched = {
    ...{ experiment, plan, earlier: session.earlier(), before: outcomesBefore(session) },
    incidentsBefore: record.incidents.length,
    needless: () => false,
    comparisons: [],
  };
  const state = () => liveStateOf(watched, record);
  const spare: Observer['spare'] = (needless) => {
    watched.needless = needless;
  };
  // A terminal of unknown size can't be drawn on.
  if (verbose || !process.stderr.isTTY || process.stderr.rows === 0) {
    const log = new Log(tell, verbose, foldsOf(process.env));
    return {
      spare,
      see: (event) => {
        log.see(event, state);
      },
      close: () => {
        log.close();
      },
    };
  }
  const view = new LiveView(state, coloursFor(process.stderr));
  let block = 0;
  return {
    spare,
    see: (event) => {
      if (event.type !== 'trial-started') return;
      // Intervals take some time to compute, so they are updated once per block.
      const now = plan.trials.find(({ id }) => id === event.trial)?.block ?? block;
      if (now === block) return;
      if (block > 1) watched.comparisons = comparisonsOf(experiment, plan, record);
      block = now;
    },
    close: () => {
      watched.comparisons = comparisonsOf(experiment, plan, record);
      view.close();
    },
  };
}

const SILENT: Observer = { see: () => undefined, spare: () => undefined, close: () => undefined };
