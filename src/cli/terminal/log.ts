import type { Event } from '../../record/event.ts';
import { incidentWords } from '../../words/incident.ts';
import { jsonText } from '../../words/printable.ts';
import type { Folds } from './folds.ts';
import type { LiveState } from './live-state.ts';
import { oneLine, span } from './output.ts';

/** A session as lines: one per trial, plus anything out of the ordinary. */
export class Log {
  readonly #tell: (line: string) => void;
  readonly #verbose: boolean;
  readonly #folds: Folds | undefined;
  /** Incidents that were printed once; repeats are counted in the report. */
  readonly #told = new Set<string>();
  #block = 0;
  #beganMs = 0;

  /** @param verbose Print every event. */
  constructor(tell: (line: string) => void, verbose: boolean, folds?: Folds) {
    this.#tell = tell;
    this.#verbose = verbose;
    this.#folds = folds;
  }

  see(event: Event, state: () => LiveState): void {
    if (event.type === 'trial-started') {
      this.#beganMs = event.atMs;
      this.#enter(state());
    }
    const time = event.wall.slice(11, 19);
    for (const line of this.#verbose ? [detail(event)] : this.#lines(event, state))
      this.#tell(`${time} ${line}`);
  }

  close(): void {
    if (this.#block > 0 && this.#folds !== undefined) this.#tell(this.#folds.close(`block_${this.#block}`));
    this.#block = 0;
  }

  #enter({ block, blocks }: LiveState): void {
    if (this.#folds === undefined || block === this.#block) return;
    this.close();
    this.#block = block;
    this.#tell(this.#folds.open(`block_${block}`, `block ${block} of ${blocks}`));
  }

  #lines(event: Event, state: () => LiveState): string[] {
    switch (event.type) {
      case 'target-ready':
        return [`${event.target} is ready (${event.shell}, clock ${event.clock.source})`];
      case 'trial-ended': {
        const { done, trials, leftMs } = state();
        const left = leftMs === null ? '' : `, about ${span(leftMs)} left`;
        const took = span(event.atMs - this.#beganMs);
        return [`${done}/${trials} ${event.trial} ${event.outcome.kind} in ${took}${left}`];
      }
      case 'trial-voided':
        return [`${event.trial} void`];
      case 'incident': {
        const words = incidentWords(event);
        const key = `${event.target ?? ''} ${words}`;
        if (this.#told.has(key)) return [];
        this.#told.add(key);
        return [`incident: ${oneLine(words)}`];
      }
      case 'attested':
        return event.ok
          ? []
          : [`${event.mode} could not be attested ${event.when} its trials of block ${event.block}`];
      default:
        return [];
    }
  }
}

/** For a line of the journal that has no text of its own. */
const ENVELOPE: readonly string[] = ['v', 'seq', 'atMs', 'wall', 'type'];

/** The whole event, on one line. */
function detail(event: Event): string {
  const words = Object.entries(event)
    .filter(([key]) => !ENVELOPE.includes(key))
    .map(([key, value]) => `${key}=${typeof value === 'string' ? value : jsonText(value)}`);
  return oneLine(`${event.type} ${words.join(' ')}`, 500);
}
