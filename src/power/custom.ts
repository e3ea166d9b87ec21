import { commandLine } from '../words/names.ts';
import { programOf } from '../words/need.ts';
import { quote } from '../words/quote.ts';
import { powerKind, powerSchema } from './kind.ts';
import { SHUTDOWN_S } from './limits.ts';

const schema = powerSchema(
  'custom',
  {
    start: commandLine.describe('Such as virsh start guest1.'),
    shutdown: commandLine.describe(
      'Asks it to shut down, and waits until it is off; after a minute it is destroyed.',
    ),
    destroy: commandLine.describe('Such as virsh destroy guest1.'),
    status: commandLine.describe(
      'Exits with 0 if it is on, such as virsh domstate guest1 | grep -q running.',
    ),
    console: commandLine.optional().describe('Prints the end of its console output.'),
  },
  'Any other guest, using command lines that are run on its host.',
);

/** The user's own command lines: a guest that is on is not started, and one that is off is not ended. */
export const custom = powerKind({
  use: 'custom',
  schema,
  programs: ['timeout'],
  commands: ({ start, shutdown, destroy, status, console = '' }) =>
    [start, shutdown, destroy, status, console].map(programOf).filter((program) => program !== ''),
  power: ({ start, shutdown, destroy, status, console, ready }) => {
    // Keeps a comment at a line's end from hiding our commands.
    const running = `( ${status}\n) >/dev/null 2>&1`;
    return {
      start: `${running} || ( ${start}\n)`,
      startWith: undefined,
      lend: undefined,
      holder: 'vfio-pci',
      shutdown: `! ${running} || timeout ${SHUTDOWN_S} sh -c ${quote(shutdown)}
! ${running} || { echo 'it did not shut down by itself: destroyed'; ( ${destroy}\n); }`,
      destroy: `! ${running} || ( ${destroy}\n)`,
      restart: `( ${shutdown}\n); ( ${start}\n)`,
      config: undefined,
      running,
      console,
      readyMs: ready,
    };
  },
});
