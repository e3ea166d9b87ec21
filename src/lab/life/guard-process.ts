/** The other side of guard.ts: `guard-process PATHS`, with a pipe from the watched process on stdin. */
import { setTimeout as sleep } from 'node:timers/promises';
import { sweepControlDirectories } from '../../process/control-directory.ts';
import type { LabPaths } from '../paths.ts';

let said = '';
try {
  for await (const chunk of process.stdin) said += String(chunk);
} catch {
  // A broken pipe counts as closed.
}
if (said === '') await takeDown(JSON.parse(process.argv[2] ?? '') as LabPaths);

/** The watched process is still ending, or another one has already cleaned up. */
async function takeDown(paths: LabPaths): Promise<void> {
  const [{ labDown }, { isInUse }] = await Promise.all([import('./down.ts'), import('./use.ts')]);
  for (let tries = 0; tries < 20 && isInUse(paths); tries++) await sleep(50);
  await labDown(() => undefined, paths);
  await sweepControlDirectories();
}
