import { createLogUpdate } from 'log-update';
import { lineOf } from '../../report/wording.ts';
import { incidentCount } from '../../words/incident.ts';
import type { LiveState } from './live-state.ts';
import { type Colours, columns, oneLine, span } from './output.ts';

const WIDTH = 24;
const CELLS = 12;

/** The live view of a terminal: redrawn in place, and left there at the end. */
export class LiveView {
  readonly #draw = createLogUpdate(process.stderr);
  readonly #state: () => LiveState;
  readonly #beganMs = performance.now();
  readonly #colours: Colours;
  readonly #timer: NodeJS.Timeout;

  constructor(state: () => LiveState, colours: Colours) {
    this.#state = state;
    this.#colours = colours;
    this.#timer = setInterval(() => {
      this.draw();
    }, 250);
    this.draw();
  }

  draw(): void {
    // The terminal is gone.
    if (!process.stderr.writable) {
      clearInterval(this.#timer);
      return;
    }
    this.#draw(liveText(this.#state(), performance.now() - this.#beganMs, this.#colours));
  }

  close(): void {
    clearInterval(this.#timer);
    const done = { ...this.#state(), doing: 'done' };
    this.#draw(liveText(done, performance.now() - this.#beganMs, this.#colours));
    this.#draw.done();
  }
}

/** The view's text. Pure. */
export function liveText(state: LiveState, elapsedMs: number, colours: Colours): string {
  const { done, trials } = state;
  const full = Math.round((WIDTH * done) / Math.max(1, trials));
  const bar = `${'█'.repeat(full)}${'░'.repeat(WIDTH - full)}`;
  const left =
    state.leftMs === null
      ? 'time left unknown until each workload ran once'
      : `about ${span(state.leftMs)} left`;
  const now =
    state.doing === ''
      ? `${state.mode} · ${state.workload}  ${state.warmup ? 'warm-up' : 'sample'} ${state.sample}/${state.samples}`
      : state.doing;
  const lines = [
    `${colours.bold(state.name)}  ${bar}  trial ${done}/${trials}  block ${state.block}/${state.blocks}`,
    `${colours.cyan(now)}  ${colours.dim(`${span(elapsedMs)} elapsed, ${left}`)}`,
    ...cellLines(state, colours),
  ];
  if (state.incidents.count > 0)
    lines.push(
      colours.yellow(`${incidentCount(state.incidents.count)}, last: ${oneLine(state.incidents.last, 100)}`),
    );
  return lines.join('\n');
}

function cellLines(state: LiveState, colours: Colours): string[] {
  if (state.comparisons.length === 0) return [colours.dim('intervals appear after the second block')];
  const rows = state.comparisons.slice(0, CELLS).map((one) => {
    const line = lineOf(one);
    return [`  ${line.mode}`, `${one.workload}: ${one.metric}`, line.relative, line.interval, line.verdict];
  });
  const more = state.comparisons.length - CELLS;
  return [columns(rows, [2]), ...(more > 0 ? [colours.dim(`  and ${more} more`)] : [])];
}
