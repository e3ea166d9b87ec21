import type { ExitCode } from '../../exit-code.ts';
import type { Observe, SessionView } from '../../run/observe.ts';
import type { Outcome, SessionOptions } from '../../run/session.ts';
import { showResults } from './closing-text.ts';
import { type Interrupt, interruptibleRun } from './interrupt.ts';
import { tell } from './output.ts';
import { pilotLines } from './pilot-text.ts';
import { watch } from './watch.ts';

/**
 * Carries out a session under the user's eyes: shown on stderr, ended in order by a signal, its results on stdout.
 * @param outer Whose signals end it, where the caller still has something to do after it.
 */
export async function watched(
  json: boolean,
  session: (options: Required<SessionOptions>) => Promise<Outcome>,
  outer?: Interrupt,
): Promise<ExitCode> {
  const interrupt = outer ?? interruptibleRun();
  const done = () => {
    if (outer === undefined) interrupt.done();
  };
  try {
    const observe = observing(json, done);
    const outcome = await session({ observe, signal: interrupt.signal });
    showResults(outcome, json);
    if (outcome.reason === 'interrupted')
      tell(`interrupted; every sample so far is kept. Go on with: vgpubench resume ${outcome.directory}`);
    return outcome.exitCode;
  } finally {
    done();
  }
}

/** Once the targets are put back, a signal ends this process as it would any other. */
function observing(json: boolean, done: () => void): Observe {
  return (session) => {
    if (!json) for (const line of headingOf(session)) tell(line);
    const { close, ...shown } = watch(session, json);
    return {
      ...shown,
      close: () => {
        done();
        close();
      },
    };
  };
}

function headingOf({ plan, directory, pending, resumed, pilot }: SessionView): string[] {
  if (resumed) return [`${pending.length} of ${plan.trials.length} trials left in ${directory}`];
  return [
    ...pilotLines(pilot),
    `${plan.trials.length} trials in ${plan.blocks} blocks, seed ${plan.seed}, into ${directory}`,
  ];
}
