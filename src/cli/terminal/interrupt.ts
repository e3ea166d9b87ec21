import { tell } from './output.ts';

/** Signals that ask us to end: Ctrl-C, a request to terminate, and a terminal that was closed. */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
/** npm forwards a Ctrl-C that the terminal has already sent us: two this close together are one. */
const ONE_PRESS_MS = 300;

export interface Interrupt {
  /** Aborted by the first signal. */
  signal: AbortSignal;
  /** From here on signals have their default effect again. */
  done: () => void;
}

/** Turns signals into an orderly end: the first prints `first` and aborts, each further one calls `again`. */
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
 * For a run by itself: the first signal ends the trial and undoes the changes on targets; a second one leaves
 * at once, and remaining changes wait for `vgpubench restore`.
 */
export function interruptibleRun(): Interrupt {
  return interruptible(
    () => 'ending the trial and undoing changes on the targets (press again to leave at once)',
    () => {
      tell('leaving at once; to undo the run’s changes: vgpubench restore RUN');
      process.exit(130);
    },
  );
}
