import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { gpuSocket } from '../../src/lab/boot/box.ts';
import { labPaths } from '../../src/lab/paths.ts';
import { processesWith } from './processes.ts';

/** Where the tests have a lab of their own: one that is up is left alone. What it builds is kept for the next time. */
export const LAB_CACHE = join(import.meta.dirname, '../../.cache/lab-test');

/** What a lab that is down must not have left: processes, sockets, half-made folders, files but logs. */
export function remains(cache: string): string[] {
  const paths = labPaths(cache);
  return [
    ...processesWith(cache).map(String),
    ...['bare', 'xen'].map((box) => gpuSocket(paths, box)).filter((socket) => existsSync(socket)),
    ...[...namesIn(cache), ...namesIn(paths.build)].filter((name) => /\.new|^packages$/.test(name)),
    ...namesIn(paths.run).filter((name) => !name.endsWith('.log')),
  ];
}

export function namesIn(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder) : [];
}
