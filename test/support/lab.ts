import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { labSockets } from '../../src/lab/boot/sockets.ts';
import { labPaths, type LabPaths } from '../../src/lab/paths.ts';
import { processesWith } from './processes.ts';

/**
 * Where the tests have their own lab: one that is up is left alone. What it builds is kept for the next time.
 */
export const LAB_CACHE = join(import.meta.dirname, '../../.cache/lab-test');

/**
 * What a lab that is down must not have left: processes, sockets, half-made folders, files other than logs.
 */
export function remains(lab: string | LabPaths): string[] {
  const paths = typeof lab === 'string' ? labPaths(lab) : lab;
  const cache = dirname(paths.build);
  return [
    ...processesWith(typeof lab === 'string' ? lab : paths.run).map(String),
    ...labSockets(paths).filter((socket) => existsSync(socket)),
    ...[cache, paths.build, paths.snapshots].flatMap(namesIn).filter((name) => /\.new|^packages$/.test(name)),
    ...namesIn(paths.run).filter((name) => !name.endsWith('.log')),
  ];
}

export function namesIn(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder) : [];
}
