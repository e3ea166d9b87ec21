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

/** What a user asked for besides: how the session is shown, and what is done with what came of it. */
export interface Manner extends Watching, Showing {
  /** The browser shows the report. */
  open?: boolean | undefined;
  /** The experiment file, where it is known; a CI shows a gate’s outcome beside it. */
  source?: string | undefined;
  /** Keeps what came of it under this name, for later runs to be held against. */
  saveBaseline?: string | undefined;
}

/**
 * Carries out a session under the user's eyes: shown on stderr, ended in order by a signal, its results on stdout.
 * @param outer Whose signals end it, where the caller still has something to do after it.
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
        `interrupted; every sample so far is kept. Go on with: vgpubench resume ${quote(outcome.directory)}`,
      );
    return outcome.exitCode;
  } finally {
    done();
    if (view !== undefined) for (const line of changedLines(view)) tell(line);
  }
}

/** What is done with the results of a run that are shown already. */
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
    else tell(`not saved as @${name}, since the exit code is ${exitCode}`);
  }
  if (open) await openPage(join(directory, 'index.html'));
}

/** Once the targets are put back, a signal ends this process as it would any other. */
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

/** However the session ended: which targets are not as they were, and what puts them back. */
function changedLines({ record, directory }: SessionView): string[] {
  const changes = [...record.pendingUndo.values()];
  if (changes.length === 0) return [];
  const skipped = [...record.trials.values()].some(({ outcome }) => outcome?.kind === 'skipped');
  return [
    ...changes.map(
      ({ target, script }) => `${target} is still changed, which this would undo: ${oneLine(script)}`,
    ),
    `put it back with: vgpubench restore ${quote(directory)}`,
    ...(skipped ? [`then run what was skipped: vgpubench resume ${quote(directory)} --retry`] : []),
  ];
}

function headingOf({ plan, directory, pending, resumed, adding, pilot }: SessionView): string[] {
  if (adding !== undefined) {
    const blocks = adding.blocks === 1 ? '1 more block' : `${adding.blocks} more blocks`;
    return [`${pending.length} trials in ${blocks}, of what looks slower or is inconclusive`];
  }
  if (resumed) return [`${pending.length} of ${plan.trials.length} trials left in ${directory}`];
  return [
    ...pilotLines(pilot),
    `${plan.trials.length} trials in ${plan.blocks} blocks, seed ${plan.seed}, into ${directory}`,
  ];
}
