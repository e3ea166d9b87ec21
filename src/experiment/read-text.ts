import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';

const PART_BYTES = 2 ** 16;

/**
 * Opens a file named by the user for reading. Reading a pipe could wait for ever and a device never ends, so
 * only regular files are allowed. @throws Error if it is not one, or can't be read.
 */
export function openRegular(path: string): number {
  const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  const about = fstatSync(file);
  if (about.isFile()) return file;
  closeSync(file);
  throw new Error(about.isDirectory() ? 'a directory' : 'a pipe, a socket or a device');
}

/**
 * The bytes of a regular file. Its reported size is not relied on, because files in /proc report none.
 * @throws Error if it can't be read, or has more than `most` bytes; no more than that is read.
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

/** Its text. @throws Error likewise */
export function readText(path: string, most: number): string {
  return readBytes(path, most).toString('utf8');
}
