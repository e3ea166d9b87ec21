import { comparisonsOf } from '../../compare/compare.ts';
import type { Event } from '../../record/event.ts';
import type { Observer, SessionView } from '../../run/observe.ts';
import { incidentWords } from '../../words/incident.ts';
import { jsonText } from '../../words/printable.ts';
import { type LiveState, type Watched, liveStateOf, outcomesBefore } from './live-state.ts';
import { LiveView } from './live-view.ts';
import { coloursFor, oneLine, span, tell } from './output.ts';

/** Shows a session on stderr: live on a terminal, plain lines in a pipe, the events themselves with --json. */
export function watch(session: SessionView, json: boolean): Observer {
  if (json)
    return {
      see: (event) => {
        tell(jsonText(event));
      },
      spare: () => undefined,
      close: () => undefined,
    };
  const { experiment, plan, record } = session;
  const watched: Watched = {
    ...{ experiment, plan, earlier: session.earlier(), before: outcomesBefore(session) },
    incidentsBefore: record.incidents.length,
    needless: () => false,
    comparisons: [],
  };
  const state = () => liveStateOf(watched, record);
  // A terminal without a size can't be drawn on.
  const drawable = process.stderr.isTTY && process.stderr.rows > 0;
  const view = drawable ? new LiveView(state, coloursFor(process.stderr)) : undefined;
  let block = 0;
  const told = new Set<string>();
  return {
    see: (event) => {
      if (view === undefined) plainLine(event, state, told);
      if (view === undefined || event.type !== 'trial-started') return;
      // Intervals cost some work, so they are renewed once per block.
      const now = plan.trials.find(({ id }) => id === event.trial)?.block ?? block;
      if (now === block) return;
      if (block > 1) watched.comparisons = comparisonsOf(experiment, plan, record);
      block = now;
    },
    spare: (needless) => {
      watched.needless = needless;
    },
    close: () => {
      if (view !== undefined) watched.comparisons = comparisonsOf(experiment, plan, record);
      view?.close();
    },
  };
}

/** @param told incidents of which a line was printed: those that come again are counted in the report */
function plainLine(event: Event, state: () => LiveState, told: Set<string>): void {
  const time = event.wall.slice(11, 19);
  const left = ({ leftMs }: LiveState) => (leftMs === null ? '' : `, about ${span(leftMs)} left`);
  if (event.type === 'target-ready')
    tell(`${time} ${event.target} is ready (${event.shell}, clock ${event.clock.source})`);
  if (event.type === 'trial-started') {
    const now = state();
    tell(`${time} ${now.done + 1}/${now.trials} ${event.trial} begins${left(now)}`);
  }
  if (event.type === 'trial-ended') {
    const now = state();
    tell(`${time} ${now.done}/${now.trials} ${event.trial} ${event.outcome.kind}${left(now)}`);
  }
  if (event.type === 'trial-voided') tell(`${time} ${event.trial} void`);
  if (event.type === 'incident') {
    const words = `${event.target ?? ''} ${incidentWords(event)}`;
    if (!told.has(words)) tell(`${time} incident: ${oneLine(incidentWords(event))}`);
    told.add(words);
  }
  if (event.type === 'attested' && !event.ok)
    tell(`${time} ${event.mode} is not attested ${event.when} its trials of block ${event.block}`);
}
