/**
 * A machine on disk: QEMU's compressed stream of its whole state. The machine is halted, written, and
 * continues; another QEMU with the same machine can continue from the file.
 */
import { access, readFile, rm } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from './clocks.ts';
import { type Monitor, openMonitor } from './qmp.ts';
import type { BoxSockets } from './sockets.ts';
import { openWakeLine } from './wake-line.ts';

const SAVE_DEADLINE_MS = 120_000;
const LOAD_DEADLINE_MS = 60_000;
const LOOK_MS = 20;

/** A word of sh, whatever its content. */
function quote(path: string): string {
  return `'${path.replaceAll("'", `'\\''`)}'`;
}

/** For `-incoming`. */
export function unpackingFrom(file: string): string {
  return `exec:zstd -q -dc ${quote(file)}`;
}

/**
 * Halts the machine and writes it to `file`, readable only by its user, because a machine's memory holds
 * keys. It stays halted.
 * @throws Error that gives the reason if it fails.
 */
export async function saveBox(socket: string, file: string, signal: AbortSignal | undefined): Promise<void> {
  const monitor = await openMonitor(socket);
  try {
    await save(monitor, file, signal);
  } finally {
    monitor.close();
  }
}

async function save(monitor: Monitor, file: string, signal: AbortSignal | undefined): Promise<void> {
  const [part, log] = [`${file}.part`, `${file}.log`];
  // QEMU does not see whether its compressor succeeded; the file's final name shows it.
  const failed = `{ rm -f ${quote(part)}; echo 'zstd has failed' >>${quote(log)}; }`;
  const pack = `zstd -q -1 >${quote(part)} 2>${quote(log)} && mv ${quote(part)} ${quote(file)} || ${failed}`;
  await monitor.execute('stop');
  await monitor.execute('migrate-set-parameters', { 'max-bandwidth': Number.MAX_SAFE_INTEGER });
  await monitor.execute('migrate', { uri: `exec:umask 077; ${pack}` });
  await looking(SAVE_DEADLINE_MS, signal, async () => {
    const { status, 'error-desc': reason } = (await monitor.execute('query-migrate')) as MigrationInfo;
    // The compressor's message is closer to the cause than QEMU's failure to write to it.
    const said = await readFile(log, 'utf8').catch(() => '');
    if (said !== '') throw new Error(said.trim().replaceAll('\n', '; '));
    if (status === 'failed') throw new Error(reason ?? 'QEMU gave up');
    return status === 'completed' && (await isThere(file));
  });
  await rm(log, { force: true });
}

interface MigrationInfo {
  status?: string;
  'error-desc'?: string;
}

/**
 * Lets a halted machine continue, once everything it was started from has been loaded; it is woken, because
 * time went on without it.
 * @param whole Rejects if the machine must not continue.
 */
export async function goOn(
  sockets: Pick<BoxSockets, 'monitor' | 'line'>,
  signal: AbortSignal | undefined,
  whole?: Promise<void>,
): Promise<Clock> {
  const monitor = await openMonitor(sockets.monitor);
  const line = await openWakeLine(sockets.line);
  try {
    await looking(LOAD_DEADLINE_MS, signal, async () => {
      const { status } = (await monitor.execute('query-status')) as { status: string };
      return status !== 'inmigrate';
    });
    await whole;
    await monitor.execute('cont');
    return await line.wake();
  } finally {
    monitor.close();
    line.close();
  }
}

async function looking(
  deadlineMs: number,
  signal: AbortSignal | undefined,
  done: () => Promise<boolean>,
): Promise<void> {
  const deadline = performance.now() + deadlineMs;
  while (!(await done())) {
    signal?.throwIfAborted();
    if (performance.now() > deadline) throw new Error(`not finished after ${deadlineMs / 1000} s`);
    await sleep(LOOK_MS);
  }
}

function isThere(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}
