import { z } from 'zod';
import { commandLine } from '../words/names.ts';
import { quote } from '../words/quote.ts';
import { powerKind, powerSchema } from './kind.ts';
import { GONE_S, SHUTDOWN_S } from './limits.ts';

/** The longest time for QEMU to answer, or to listen after its start, in s. */
const ANSWER_S = 5;
const LISTEN_S = 10;

const schema = powerSchema(
  'qmp',
  {
    socket: z
      .string()
      // No character with a meaning for socat; a socket's path is limited to 107 bytes. Source: unix(7).
      .regex(/^\/[A-Za-z0-9_./@+=-]{1,106}$/, {
        error: 'expected an absolute path of letters, digits and _./@+=-, at most 107, such as /run/g1.qmp',
      })
      .describe('QEMU’s QMP socket on the guest’s host: -qmp unix:PATH,server=on,wait=off.'),
    start: commandLine.describe(
      'Starts QEMU, and returns when it is running: qemu-system-x86_64 with -daemonize, or systemctl start.',
    ),
    console: z
      .string()
      .startsWith('/', { error: 'expected an absolute path' })
      .optional()
      .describe('The file, on its host, with its console output: -serial file:PATH.'),
  },
  'A guest in your own QEMU, controlled through its QMP socket: system_powerdown, quit.',
);

/** Sends `vgb_ask` over stdin and stdout, and prints the answer on stderr. Events may precede it. */
const TALK = `read -r vgb_l
case $vgb_l in '{"QMP"'*) ;; *) exit ;; esac
echo '{"execute":"qmp_capabilities"}'
read -r vgb_l
printf '{"execute":"%s"}\\n' "$vgb_ask"
while read -r vgb_l; do
case $vgb_l in '{"return"'* | '{"error"'*) printf '%s\\n' "$vgb_l" >&2; exit ;; esac
done`;

/**
 * Guests of QEMU without a toolstack. One is on as long as its QEMU is, whether its CPUs run, are paused or
 * have stopped for good. So is one whose socket accepts a connection but does not answer, because another
 * client has it or QEMU hangs: a second QEMU would take over the first one's socket. Source: QEMU 7.2,
 * docs/interop/qmp-spec.txt and qemu-qmp-ref(7).
 */
export const qmp = powerKind({
  use: 'qmp',
  schema,
  programs: ['socat', 'timeout'],
  power: ({ socket, start, console, ready }) => {
    // socat removes the backslashes. Its own messages, such as why it can't connect, are in the answer, too.
    const ask = (command: string) =>
      `vgb_talk=${quote(TALK)} vgb_ask=${command} timeout ${ANSWER_S} socat UNIX-CONNECT:${socket} 'SYSTEM:eval \\"\\$vgb_talk\\"' 2>&1`;
    const did = (command: string) => `case $(${ask(command)}) in *'{"return"'*) ;; *) false ;; esac`;
    // A timeout ends with 124, busybox's with 143.
    const running = `( vgb_a=$(${ask('query-status')}); vgb_r=$?
case $vgb_r,$vgb_a in *'{"return"'* | 124,* | 143,*) ;; *) false ;; esac )`;
    const within = (seconds: number, loop: string) =>
      `timeout ${seconds} sh -c ${quote(`${loop} ${running}; do sleep 1; done`)}`;
    // The next command may start it: not before it is gone.
    const end = `{ vgb_a=$(${ask('quit')}); ${within(GONE_S, 'while')} || {
printf '%s\\n' ${quote(`it did not quit: another client uses ${socket}, or QEMU hangs.`)} "$vgb_a" >&2; false; }; }`;
    const shutdown = `! ${running} || { ${did('system_powerdown')} && ${within(SHUTDOWN_S, 'while')}; }
! ${running} || { echo 'it did not shut down by itself: destroyed'; ${end}; }`;
    return {
      start: `${running} || {
( ${start}
) </dev/null && { ${within(LISTEN_S, 'until')} || {
echo ${quote(`started, but nothing answers at ${socket}`)} >&2; false; }; }; }`,
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
