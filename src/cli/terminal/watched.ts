import { join } from 'node:path';
import type { ExitCode } from '../../exit-code.ts';
import { FILES } from '../../record/run-directory.ts';
import { summaryMarkdown } from '../../report/markdown.ts';
import { saveBaseline } from '../../run/baselines.ts';
import type { Observe, Observer, SessionView } from '../../run/observe.ts';
import type { Outcome, SessionOptions } from '../../run/session.ts';
import { showInCi } from './ci.ts';
import { type Showing, showResults } from './closing-text.ts';
import { type Interrupt, interruptibleRun } from './interrupt.ts';
import { oneLine, tell } from './output.ts';
import { pilotLines } from './pilot-text.ts';
import { type Watching, watch } from './watch.ts';
import { openPage } from './open-page.ts';
import { quote } from '../../words/quote.ts';

/** What the user requested in addition: how the session is shown, and what is done with its results. */
export interface Manner extends Watching, Showing {
  /** The browser shows the report. */
  open?: boolean | undefined;
  /** The experiment file, if known; a CI shows a gate’s outcome next to it. */
  source?: string | undefined;
  /** Saves the results under this name, as a baseline for later runs. */
  saveBaseline?: string | undefined;
}

/**
 * Carries out a session with the user watching: progress on stderr, an orderly end on a signal, results on
 * stdout.
 * @param outer Whose signals end it, if the caller has more to do afterwards.
 * @param show What is printed of its outcome.
 */
export async function watched(
  manner: Manner,
  session: (options: Required<Pick<SessionOptions, 'observe' | 'signal'>>) => Promise<Outcome>,
  outer?: Interrupt,
  show: (outcome: Outcome, manner: Manner) => void = showResults,
): Promise<ExitCode> {
  const interrupt = outer ?? interruptibleRun();
  const done = () => {
    if (outer === undefined) interrupt.done();
  };
  let view: SessionView | undefined;
  try {
    const observe: Observe = (session) => {
      view = session;
      return observing(session, manner, done);
    };
    const outcome = await session({ observe, signal: interrupt.signal });
    show(outcome, manner);
    await finish(outcome, manner);
    if (outcome.reason === 'interrupted')
      tell(
        `interrupted; every sample so far is kept. To continue: vgpubench resume ${quote(outcome.directory)}`,
      );
    return outcome.exitCode;
  } finally {
    done();
    if (view !== undefined) for (const line of changedLines(view)) tell(line);
  }
}

/** What is done with the results of a run after they are shown. */
export async function finish(
  { directory, results, gate, exitCode }: Pick<Outcome, 'directory' | 'results' | 'gate' | 'exitCode'>,
  { open = false, saveBaseline: name, source }: Pick<Manner, 'open' | 'saveBaseline' | 'source'>,
): Promise<void> {
  if (gate !== undefined)
    showInCi({
      gate,
      summary: summaryMarkdown(results, gate),
      location: source ?? join(directory, FILES.experiment),
    });
  if (name !== undefined) {
    if (exitCode === 0) tell(`saved as @${name}: ${saveBaseline(name, results)}`);
    else tell(`not saved as @${name}, because the exit code is ${exitCode}`);
  }
  if (open) await openPage(join(directory, 'index.html'));
}

/** Once the targets are put back, signals end this process in the usual way. */
function observing(session: SessionView, manner: Manner, done: () => void): Observer {
  if (!manner.json && manner.quiet !== true) for (const line of headingOf(session)) tell(line);
  const { close, ...shown } = watch(session, manner);
  return {
    ...shown,
    close: () => {
      done();
      close();
    },
  };
}

/** However the session ended: the targets that are still changed, and how to put them back. */
function changedLines({ record, directory }: SessionView): string[] {
  const changes = [...record.pendingUndo.values()];
  if (changes.length === 0) return [];
  const skipped = [...record.trials.values()].some(({ outcome }) => outcome?.kind === 'skipped');
  return [
    ...changes.map(
      ({ target, script }) => `${target} is still changed; this would undo it: ${oneLine(script)}`,
    ),
    `to put it back: vgpubench restore ${quote(directory)}`,
    ...(skipped ? [`then run the skipped trials: vgpubench resume ${quote(directory)} --retry`] : []),
  ];
}

function headingOf({ plan, directory, pending, resumed, adding, pilot }: SessionView): string[] {
  if (adding !== undefined) {
    const blocks = adding.blocks === 1 ? '1 more block' : `${adding.blocks} more blocks`;
    return [`${pending.length} trials in ${blocks}, for cells that look slower or are inconclusive`];
  }
  if (resumed) return [`${pending.length} of ${plan.trials.length} trials left in ${directory}`];
  return [
    ...pilotLines(pilot),
    `${plan.trials.length} trials in ${plan.blocks} blocks, seed ${plan.seed}, into ${directory}`,
  ];
}
