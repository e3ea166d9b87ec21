/**
 * The snapshots of a cache: folders named by their keys, each with a file per box and a description; complete
 * or absent. A machine's memory holds keys, so only their user can read them.
 */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { chmod, mkdir, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import * as z from 'zod';
import { makeWhole } from '../make/whole.ts';
import type { LabPaths } from '../paths.ts';

/** Each is some hundred MB; the layout unused for the longest time is removed first. */
const KEPT = 4;

const clock = z.object({ source: z.string(), readingNs: z.number() });

const manifest = z.object({
  version: z.literal(1),
  guests: z.int(),
  bare: z.boolean(),
  /** Of the machine on which it was made, if known. */
  tscKhz: z.number().optional(),
  /** By alias, as they were at boot: paused guests are not asked again. */
  clocks: z.record(z.string(), clock),
  /** By box. */
  files: z.record(z.string(), z.object({ bytes: z.int(), sha256: z.string() })),
});

export type Manifest = z.infer<typeof manifest>;

export interface Snapshot extends Manifest {
  key: string;
  folder: string;
  bytes: number;
  /** ms since 1970. */
  usedAt: number;
}

export function boxFile(folder: string, box: string): string {
  return join(folder, `${box}.zst`);
}

const manifestFile = (folder: string): string => join(folder, 'manifest.json');

/** Undefined if there is none. @throws Error if it can't be read: it is then useless, and in the way. */
export async function readSnapshot(paths: LabPaths, key: string): Promise<Snapshot | undefined> {
  const folder = join(paths.snapshots, key);
  const found = await stat(folder).catch(() => undefined);
  if (found === undefined) return undefined;
  const read = manifest.parse(JSON.parse(await readFile(manifestFile(folder), 'utf8')));
  const bytes = Object.values(read.files).reduce((sum, file) => sum + file.bytes, 0);
  return { ...read, key, folder, bytes, usedAt: found.mtimeMs };
}

/** The last used first; for one that can't be read, only its key. */
export async function listSnapshots(paths: LabPaths): Promise<(Snapshot | { key: string })[]> {
  const names = (await readdir(paths.snapshots).catch(() => [])).filter((name) =>
    /^[0-9a-f]{16}$/.test(name),
  );
  const found = await Promise.all(
    names.map((key) =>
      readSnapshot(paths, key).then(
        (one) => one ?? { key },
        () => ({ key }),
      ),
    ),
  );
  const usedAt = (one: Snapshot | { key: string }): number => ('usedAt' in one ? one.usedAt : 0);
  return found.sort((one, other) => usedAt(other) - usedAt(one));
}

export async function removeSnapshot(paths: LabPaths, key: string): Promise<void> {
  await rm(join(paths.snapshots, key), { recursive: true, force: true });
}

/**
 * `fill` writes each box's file; its result is stored with them. Of more than a few snapshots, the oldest are
 * removed.
 */
export async function keepSnapshot(
  paths: LabPaths,
  key: string,
  fill: (folder: string) => Promise<Omit<Manifest, 'version' | 'files'> & { boxes: string[] }>,
): Promise<void> {
  await mkdir(paths.snapshots, { recursive: true, mode: 0o700 });
  await makeWhole(join(paths.snapshots, key), async (fresh) => {
    await chmod(fresh, 0o700);
    const { boxes, ...rest } = await fill(fresh);
    const files: Manifest['files'] = {};
    for (const box of boxes) files[box] = await describe(boxFile(fresh, box));
    await writeFile(manifestFile(fresh), JSON.stringify({ version: 1, ...rest, files } satisfies Manifest));
  });
  for (const { key: old } of (await listSnapshots(paths)).slice(KEPT)) await removeSnapshot(paths, old);
}

export async function noteUse({ folder }: Snapshot): Promise<void> {
  await utimes(folder, new Date(), new Date()).catch(() => undefined);
}

/** @throws Error if the size of a box's file differs from what was written. */
export async function requireSizes(snapshot: Snapshot): Promise<void> {
  for (const [box, { bytes }] of Object.entries(snapshot.files)) {
    const file = boxFile(snapshot.folder, box);
    const { size } = await stat(file);
    if (size !== bytes) throw new Error(`${file} has ${size} bytes, not ${bytes}`);
  }
}

/** @throws Error if a box's file is not what was written. */
export async function requireWhole(snapshot: Snapshot, box: string): Promise<void> {
  const file = boxFile(snapshot.folder, box);
  if ((await digestOf(file)) !== snapshot.files[box]?.sha256)
    throw new Error(`${file} has changed since it was written`);
}

async function describe(file: string): Promise<{ bytes: number; sha256: string }> {
  return { bytes: (await stat(file)).size, sha256: await digestOf(file) };
}

async function digestOf(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file, { highWaterMark: 1 << 20 }), hash);
  return hash.digest('hex');
}
