import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';

const PART_BYTES = 2 ** 16;

/**
 * Opens a file that a user names, to be read. A pipe could have us wait for ever and a device never ends, so it has to
 * be a regular one. @throws Error where it is none, or can't be read.
 */
export function openRegular(path: string): number {
  const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  const about = fstatSync(file);
  if (about.isFile()) return file;
  closeSync(file);
  throw new Error(about.isDirectory() ? 'a directory' : 'a pipe, a socket or a device');
}

/**
 * The bytes of a regular file. What it is said to be long is not relied on, as in /proc.
 * @throws Error where it can't be read, or has more than `most` bytes: no more than that is read.
 */
export function readBytes(path: string, most: number): Buffer {
  const file = openRegular(path);
  try {
    const { size } = fstatSync(file);
    const parts: Buffer[] = [];
    for (let bytes = 0; ;) {
      const part = Buffer.allocUnsafe(Math.min(Math.max(size - bytes, 0) + PART_BYTES, most + 1));
      const length = readSync(file, part);
      if (length === 0) return Buffer.concat(parts);
      parts.push(part.subarray(0, length));
      bytes += length;
      if (bytes > most) throw new Error(`more than ${most / 2 ** 20} MiB`);
    }
  } finally {
    closeSync(file);
  }
}

/** Their text. @throws Error likewise */
export function readText(path: string, most: number): string {
  return readBytes(path, most).toString('utf8');
}
