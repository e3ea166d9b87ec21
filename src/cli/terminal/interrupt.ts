import { tell } from './output.ts';

/** What ends us in order: Ctrl-C, a request to end, and a terminal that was closed. */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
/** npm hands on the Ctrl-C that the terminal has sent us already: what comes as close together is one. */
const ONE_PRESS_MS = 300;

export interface Interrupt {
  /** Aborted by the first signal. */
  signal: AbortSignal;
  /** From here on signals do again what they do by themselves. */
  done: () => void;
}

/** Turns signals into an orderly end: the first tells `first` and aborts, each further one is for `again`. */
export function interruptible(first: () => string, again: () => void): Interrupt {
  const controller = new AbortController();
  let lastMs = -Infinity;
  const onSignal = () => {
    const now = performance.now();
    const samePress = now - lastMs < ONE_PRESS_MS;
    lastMs = now;
    if (!controller.signal.aborted) {
      tell(`\ninterrupted: ${first()}`);
      controller.abort();
    } else if (!samePress) again();
  };
  for (const signal of SIGNALS) process.on(signal, onSignal);
  return {
    signal: controller.signal,
    done: () => {
      for (const signal of SIGNALS) process.off(signal, onSignal);
    },
  };
}

/**
 * For a run by itself: the first signal ends the trial and puts the targets back; a second one leaves at once,
 * and what was not put back waits for `vgpubench restore`.
 */
export function interruptibleRun(): Interrupt {
  return interruptible(
    () => 'ending the trial and putting the targets back (once more to leave at once)',
    () => {
      tell('leaving at once; vgpubench restore RUN puts the targets back');
      process.exit(130);
    },
  );
}
