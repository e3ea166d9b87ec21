import { z } from 'zod';
import { commandLine } from '../words/names.ts';
import { quote } from '../words/quote.ts';
import { powerKind, powerSchema } from './kind.ts';
import { GONE_S, SHUTDOWN_S } from './limits.ts';

/** As long as QEMU may take to answer, or to listen once it was started, in s. */
const ANSWER_S = 5;
const LISTEN_S = 10;

const schema = powerSchema(
  'qmp',
  {
    socket: z
      .string()
      // No character that means something to socat; longer than 107 bytes is no socket's path. Source: unix(7).
      .regex(/^\/[A-Za-z0-9_./@+=-]{1,106}$/, {
        error:
          'expected an absolute path there, of letters, digits and _./@+=-, at most 107, such as /run/g1.qmp',
      })
      .describe('QEMU’s QMP socket on the guest’s host: -qmp unix:PATH,server=on,wait=off.'),
    start: commandLine.describe(
      'Starts QEMU, and returns once it runs: qemu-system-x86_64 with -daemonize, or systemctl start.',
    ),
    console: z
      .string()
      .startsWith('/', { error: 'expected an absolute path there' })
      .optional()
      .describe('The file, on its host, that has what it writes to its console: -serial file:PATH.'),
  },
  'A guest of a QEMU of your own, by the socket of its machine protocol: system_powerdown, quit.',
);

/** Asks `vgb_ask` over its stdin and stdout, and has the answer on stderr. Events may come before it. */
const TALK = `read -r vgb_l
case $vgb_l in '{"QMP"'*) ;; *) exit ;; esac
echo '{"execute":"qmp_capabilities"}'
read -r vgb_l
printf '{"execute":"%s"}\\n' "$vgb_ask"
while read -r vgb_l; do
case $vgb_l in '{"return"'* | '{"error"'*) printf '%s\\n' "$vgb_l" >&2; exit ;; esac
done`;

/**
 * Guests of QEMU without a toolstack. One is on as long as its QEMU is, whether its CPUs run, are paused or have stopped for
 * good. So is one whose socket takes a connection and does not answer, as where another client has it or QEMU hangs: a second
 * QEMU would take the first one's socket away. Source: QEMU 7.2, docs/interop/qmp-spec.txt and qemu-qmp-ref(7).
 */
export const qmp = powerKind({
  use: 'qmp',
  schema,
  programs: ['socat', 'timeout'],
  power: ({ socket, start, console, ready }) => {
    // socat takes the backslashes away. What it says itself, such as why it can't connect, is in the answer, too.
    const ask = (command: string) =>
      `vgb_talk=${quote(TALK)} vgb_ask=${command} timeout ${ANSWER_S} socat UNIX-CONNECT:${socket} 'SYSTEM:eval \\"\\$vgb_talk\\"' 2>&1`;
    const did = (command: string) => `case $(${ask(command)}) in *'{"return"'*) ;; *) false ;; esac`;
    // A timeout ends with 124, busybox's with 143.
    const running = `( vgb_a=$(${ask('query-status')}); vgb_r=$?
case $vgb_r,$vgb_a in *'{"return"'* | 124,* | 143,*) ;; *) false ;; esac )`;
    const within = (seconds: number, loop: string) =>
      `timeout ${seconds} sh -c ${quote(`${loop} ${running}; do sleep 1; done`)}`;
    // What comes next may start it: not before it is gone.
    const end = `{ vgb_a=$(${ask('quit')}); ${within(GONE_S, 'while')} || {
printf '%s\\n' ${quote(`it did not quit: ${socket} is another client’s, or QEMU hangs.`)} "$vgb_a" >&2; false; }; }`;
    const shutdown = `! ${running} || { ${did('system_powerdown')} && ${within(SHUTDOWN_S, 'while')}; }
! ${running} || { echo 'it did not shut down by itself: destroyed'; ${end}; }`;
    return {
      start: `${running} || {
( ${start}
) </dev/null && { ${within(LISTEN_S, 'until')} || {
echo ${quote(`started, but nobody answers at ${socket}`)} >&2; false; }; }; }`,
      startWith: undefined,
      lend: undefined,
      holder: 'vfio-pci',
      shutdown,
      destroy: `! ${running} || ${end}`,
      restart: `( ${shutdown}
); ( ${start}
)`,
      config: undefined,
      running,
      console: console === undefined ? undefined : `tail -n 40 ${quote(console)}`,
      readyMs: ready,
    };
  },
});
