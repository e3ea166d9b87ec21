import { tell } from './output.ts';

/**
 * Turns Ctrl-C into an orderly end: the first ends the trial and puts the targets back; a second one leaves at
 * once, and what was not put back waits for `vgpubench restore`.
 */
export function interruptible(): { signal: AbortSignal; done: () => void } {
  const controller = new AbortController();
  const onSignal = () => {
    if (controller.signal.aborted) {
      tell('leaving at once; vgpubench restore RUN puts the targets back');
      process.exit(130);
    }
    tell('\ninterrupted: ending the trial and putting the targets back (once more to leave at once)');
    controller.abort();
  };
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal);
  return {
    signal: controller.signal,
    done: () => {
      process.off('SIGINT', onSignal).off('SIGTERM', onSignal);
    },
  };
}
