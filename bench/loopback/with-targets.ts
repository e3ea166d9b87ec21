/**
 * Starts the two SSH targets that bench/experiments/loopback.yaml names, runs the command line it is given,
 * and stops them again: `node --import tsx bench/loopback/with-targets.ts vgpubench run ...`
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { startServers } from './sshd.ts';

const directory = join(import.meta.dirname, '../../.cache/loopback');
const [program, ...rest] = process.argv.slice(2);
if (program === undefined) throw new Error('expected a command line to run beside the targets');
if (existsSync(directory)) {
  process.stderr.write(
    `${directory} is there: another vgpubench has its loopback targets up.\n  next: let it end, or remove the folder if none is running\n`,
  );
  process.exit(2);
}
const servers = await startServers([{ alias: 'loopback-a' }, { alias: 'loopback-b' }], directory);
// Ctrl-C is for the command; it ends in its own good time, and then we do.
process.on('SIGINT', () => undefined).on('SIGTERM', () => undefined);
try {
  const { exitCode } = await execa(program, rest, { stdio: 'inherit', reject: false });
  process.exitCode = exitCode ?? 1;
} finally {
  await servers.stop();
}
