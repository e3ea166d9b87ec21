import { createLogUpdate } from 'log-update';
import { lineOf } from '../../report/wording.ts';
import { incidentCount } from '../../words/incident.ts';
import { coloured } from './answer-text.ts';
import type { LiveState } from './live-state.ts';
import { type Colours, columns, oneLine, span, widthOf } from './output.ts';

const BAR = { least: 6, most: 40 };
const CELLS = 12;
/** Lines that are not cells: heading, two for progress, omitted cells, incidents, and the cursor's. */
const OTHER_LINES = 6;
const LONGEST_LABEL = 40;

/** The size of the terminal. */
export interface Room {
  width: number;
  height: number;
}

/**
 * The live view of a terminal: redrawn in place, also when the terminal is resized, and left on screen at the
 * end.
 */
export class LiveView {
  readonly #draw = createLogUpdate(process.stderr);
  readonly #state: () => LiveState;
  readonly #beganMs = performance.now();
  readonly #colours: Colours;
  readonly #timer: NodeJS.Timeout;
  #last = '';
  #estimate = { leftMs: null as number | null, atMs: 0 };

  constructor(state: () => LiveState, colours: Colours) {
    this.#state = state;
    this.#colours = colours;
    this.#timer = setInterval(this.draw, 250);
    process.stderr.on('resize', this.#onResize);
    this.draw();
  }

  draw = (): void => {
    // The terminal is gone.
    if (process.stderr.writable) this.#show(this.#state());
    else clearInterval(this.#timer);
  };

  close(): void {
    clearInterval(this.#timer);
    process.stderr.off('resize', this.#onResize);
    this.#show({ ...this.#state(), doing: 'done' });
    this.#draw.done();
  }

  #show(state: LiveState): void {
    const nowMs = performance.now();
    if (state.leftMs !== this.#estimate.leftMs) this.#estimate = { leftMs: state.leftMs, atMs: nowMs };
    const leftMs = movingLeft(state, nowMs - this.#estimate.atMs);
    const { columns: width, rows: height } = process.stderr;
    this.#last = liveText({ ...state, leftMs }, nowMs - this.#beganMs, this.#colours, { width, height });
    this.#draw(this.#last);
  }

  /** A narrower terminal has wrapped the lines on screen, so they take more rows than were drawn. */
  #onResize = (): void => {
    const more = brokenRows(this.#last, process.stderr.columns);
    if (more > 0) process.stderr.write(`\u001b[${more}A\u001b[J`);
    this.draw();
  };
}

/** How many more rows the lines take in a terminal of this width. */
export function brokenRows(text: string, width: number): number {
  return text.split('\n').reduce((sum, line) => sum + Math.max(0, Math.ceil(widthOf(line) / width) - 1), 0);
}

/** Remaining time as the current trial goes on; never less than the trials after it take. */
export function movingLeft({ leftMs, currentMs }: LiveState, sinceMs: number): number | null {
  return leftMs === null ? null : leftMs - Math.min(sinceMs, currentMs ?? 0);
}

/** The view's text, with every line narrower than the terminal. Pure. */
export function liveText(state: LiveState, elapsedMs: number, colours: Colours, room: Room): string {
  const width = Math.max(20, room.width - 1);
  const left =
    state.leftMs === null
      ? ', time left unknown until each workload has run once'
      : `, about ${span(state.leftMs)} left`;
  const now =
    state.doing === ''
      ? `${state.mode} · ${state.workload}  ${state.warmup ? 'warm-up' : 'sample'} ${state.sample}/${state.samples}`
      : state.doing;
  const time = `${span(elapsedMs)} elapsed${state.done < state.trials ? left : ''}`;
  const [doing, times] = [colours.cyan(oneLine(now, width)), colours.dim(oneLine(time, width))];
  const lines = [
    heading(state, width, colours),
    ...(now.length + 2 + time.length <= width ? [`${doing}  ${times}`] : [doing, times]),
    ...cellLines(state, colours, { width, height: room.height }),
  ];
  const { count, last } = state.incidents;
  if (count > 0) lines.push(colours.yellow(oneLine(`${incidentCount(count)}, last: ${last}`, width)));
  return lines.join('\n');
}

/** Name, bar and counts; the bar fills the remaining width, if there is enough. */
function heading(state: LiveState, width: number, colours: Colours): string {
  const { done, trials, block, blocks } = state;
  const counts = `trial ${done}/${trials}  block ${block}/${blocks}`;
  const name = oneLine(state.name, Math.max(8, width - counts.length - 2));
  const room = Math.min(BAR.most, width - name.length - counts.length - 4);
  if (room < BAR.least) return `${colours.bold(name)}  ${counts}`;
  const full = Math.round((room * done) / Math.max(1, trials));
  return `${colours.bold(name)}  ${'█'.repeat(full)}${'░'.repeat(room - full)}  ${counts}`;
}

/** The cells, as wide as the terminal allows: in a narrow one without intervals, then without metrics. */
function cellLines(state: LiveState, colours: Colours, { width, height }: Room): string[] {
  const { comparisons } = state;
  if (comparisons.length === 0)
    return [colours.dim(oneLine('intervals appear after the second block', width))];
  const most = Math.max(1, Math.min(CELLS, height - OTHER_LINES));
  const rows = comparisons.slice(0, most).map((one) => {
    const { mode, relative, interval, verdict } = lineOf(one);
    const label = {
      mode: `  ${oneLine(mode, LONGEST_LABEL)}`,
      workload: oneLine(one.workload, LONGEST_LABEL),
    };
    const said = coloured(one.verdict, verdict, colours);
    return [
      [label.mode, oneLine(`${one.workload}: ${one.metric}`, LONGEST_LABEL), relative, interval, said],
      [label.mode, label.workload, relative, interval, said],
      [label.mode, label.workload, relative, said],
      [`  ${oneLine(`${mode} ${one.workload}`, Math.max(8, width - 28))}`, relative, said],
    ];
  });
  const shown = [0, 1, 2, 3].map((form) =>
    columns(
      rows.map((forms) => forms[form] ?? []),
      [form === 3 ? 1 : 2],
    ),
  );
  const fits = (text: string) => text.split('\n').every((line) => widthOf(line) <= width);
  const more = comparisons.length - most;
  return [shown.find(fits) ?? shown.at(-1) ?? '', ...(more > 0 ? [colours.dim(`  and ${more} more`)] : [])];
}
