/**
 * Starts the two SSH targets that bench/experiments/loopback.yaml names, runs the command line it is given,
 * and stops them again: `node --import tsx bench/loopback/with-targets.ts vgpubench run ...`
 */
import { mkdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { takeLock } from '../../src/process/lock.ts';
import { startServers } from './sshd.ts';

const directory = join(import.meta.dirname, '../../.cache/loopback');
const [program, ...rest] = process.argv.slice(2);
if (program === undefined) throw new Error('expected a command line to run beside the targets');
mkdirSync(dirname(directory), { recursive: true });
const lock = takeLock(`${directory}.lock`);
if (!lock.taken) {
  process.stderr.write(
    `another vgpubench has its loopback targets up (process ${lock.holder.pid})\n  next: let it end, or interrupt it: kill -INT ${lock.holder.pid}\n`,
  );
  process.exit(2);
}
// What one that was killed left.
rmSync(directory, { recursive: true, force: true });
const servers = await startServers([{ alias: 'loopback-a' }, { alias: 'loopback-b' }], directory);
// Ctrl-C is for the command; it ends in its own good time, and then we do.
process.on('SIGINT', () => undefined).on('SIGTERM', () => undefined);
try {
  const { exitCode } = await execa(program, rest, { stdio: 'inherit', reject: false });
  process.exitCode = exitCode ?? 1;
} finally {
  await servers.stop();
  lock.release();
}
