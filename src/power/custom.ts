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
      'Has it shut down by itself, and waits until it is off; after a minute it is destroyed.',
    ),
    destroy: commandLine.describe('Such as virsh destroy guest1.'),
    status: commandLine.describe(
      'Exits with 0 where it is on, such as virsh domstate guest1 | grep -q running.',
    ),
    console: commandLine.optional().describe('Prints what it wrote to its console last.'),
  },
  'A guest of anything else, by command lines that are run on its host.',
);

/** Command lines of the user's own: a start of what is on, and an end of what is off, are not run. */
export const custom = powerKind({
  use: 'custom',
  schema,
  programs: ['timeout'],
  commands: ({ start, shutdown, destroy, status, console = '' }) =>
    [start, shutdown, destroy, status, console].map(programOf).filter((program) => program !== ''),
  power: ({ start, shutdown, destroy, status, console, ready }) => {
    // A comment at a line's end is none of ours.
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
