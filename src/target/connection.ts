import { shellCommand } from './framed-shell.ts';
import { READ_PROCESS } from './leader-script.ts';
import { LifecycleShell } from './lifecycle.ts';
import { type LinkLost, linkLost } from './link.ts';
import { type Address, HANDSHAKE_MS, masterArguments, ownArguments, sessionArguments } from './ssh.ts';
import { type SshProcess, maySleep, startSsh } from './ssh-process.ts';
import { timer } from './timer.ts';

/** How sessions are opened in addition to the one that a connection begins with. */
export type Sessions = 'shared' | 'own connections';

/**
 * One authenticated connection to a target. Its own session is the lifecycle shell; others share its socket.
 */
export class Connection {
  /** Resolves when the connection is gone, for whatever reason. Never rejects. */
  readonly lost: Promise<LinkLost>;
  readonly shell: LifecycleShell;
  #gone: LinkLost | undefined;
  #asleep = false;
  readonly #address: Address;
  readonly #socket: string;
  readonly #process: SshProcess;

  private constructor(address: Address, socket: string, sessions: () => Sessions) {
    this.#address = address;
    this.#socket = socket;
    this.#process = startSsh(masterArguments(address, socket, shellCommand('sh')));
    this.shell = new LifecycleShell(
      address,
      this.#process,
      () => this.gone,
      async (process) => {
        if (await endRequest(this.session('exec sh', sessions()), process)) return;
        await endRequest(this.session('exec sh', 'own connections'), process);
      },
    );
    this.lost = this.#process.then(
      () => (this.#gone = linkLost(address, 'the connection was lost', this.shell.words)),
    );
  }

  /**
   * Connects and logs in.
   * @param socket path of the control socket; at most about 90 bytes.
   * @param sessions how to open more sessions when needed.
   * @throws LinkLost within `limitMs`, even if the peer accepts and then stays silent; with what the server
   * said.
   */
  static async open(
    address: Address,
    socket: string,
    sessions: () => Sessions = () => 'shared',
    limitMs = HANDSHAKE_MS,
  ): Promise<Connection> {
    const connection = new Connection(address, socket, sessions);
    const process = connection.#process;
    const deadline = timer(limitMs);
    const opened = connection.shell.opened(limitMs + 1000).then(() => 'opened' as const);
    opened.catch(() => undefined);
    const outcome = await Promise.race([
      opened.catch(() => 'ended' as const),
      process.then(() => 'ended' as const),
      deadline.passed,
    ]);
    deadline.clear();
    if (outcome === 'opened') return connection;
    process.kill('SIGKILL');
    const stage = outcome === 'ended' ? 'cannot connect' : `no login within ${(limitMs / 1000).toFixed(0)} s`;
    throw linkLost(address, stage, connection.shell.words);
  }

  /** Why the connection is gone, if it is. */
  get gone(): LinkLost | undefined {
    // The shell may die alone, while the connection stays for the sessions that share it.
    if (this.#gone === undefined && this.shell.ended)
      this.#gone = linkLost(this.#address, 'the connection was lost', this.shell.words);
    return this.#gone;
  }

  /** Starts `command` in another session than the lifecycle shell. */
  session(command: string, sessions: Sessions): SshProcess {
    return startSsh(
      sessions === 'shared'
        ? sessionArguments(this.#address, this.#socket, command)
        : ownArguments(this.#address, command),
    );
  }

  /**
   * Lets it survive a time in which its target does not answer: its ssh is stopped, so it sends nothing that
   * would need an answer.
   * @returns whether it is suspended.
   */
  sleep(): boolean {
    this.#asleep ||= maySleep() && this.gone === undefined && this.#process.kill('SIGSTOP');
    return this.#asleep;
  }

  /** Its target answers again. */
  wake(): void {
    if (this.#asleep) this.#process.kill('SIGCONT');
    this.#asleep = false;
  }

  async close(): Promise<void> {
    // A target that can't hear us needs no orderly goodbye.
    if (this.#asleep) this.#process.kill('SIGKILL');
    this.#process.stdin.end();
    const deadline = timer(2000);
    await Promise.race([this.lost, deadline.passed]);
    deadline.clear();
    this.#process.kill('SIGKILL');
    await this.lost;
  }
}

/**
 * Kills what a request has started: the process that runs it, and everything started since in the same
 * session. What earlier requests left running is older; the lifecycle shell itself may be as old, to the
 * tick.
 * @returns whether the session could be opened.
 */
async function endRequest(shell: SshProcess, process: string): Promise<boolean> {
  shell.stdin.end(`${READ_PROCESS}
vgb_process ${process}; vgb_q=$vgb_start; vgb_t=$vgb_session; vgb_b=$vgb_parent; vgb_i=0
vgb_round() {
vgb_n=0
for vgb_f in /proc/[0-9]*; do
vgb_process "\${vgb_f#/proc/}"
[ "$vgb_session" = "$vgb_t" ] && [ "$vgb_f" != "/proc/$vgb_b" ] && [ "$vgb_start" -ge "$vgb_q" ] && [ "$vgb_state" != Z ] && kill -KILL "\${vgb_f#/proc/}" && vgb_n=1
done
return $vgb_n
}
[ "$vgb_q" = 0 ] || until vgb_round || [ $vgb_i = 50 ]; do vgb_i=$((vgb_i+1)); done
:
`);
  const deadline = timer(10_000);
  const ended = await Promise.race([shell, deadline.passed]);
  deadline.clear();
  if (ended === 'passed') shell.kill('SIGKILL');
  return ended !== 'passed' && ended.exitCode === 0;
}
