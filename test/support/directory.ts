import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';

/** A new folder, removed when the suite that calls this, or the file, has ended, however it ended. */
export function testFolder(): string {
  const folder = newFolder();
  after(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  return folder;
}

/** Calls `use` with a new folder, which is removed afterwards. */
export function inDirectory<T>(use: (directory: string) => T): T {
  const directory = newFolder();
  try {
    return use(directory);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

function newFolder(): string {
  return mkdtempSync(join(tmpdir(), 'vgpubench-test-'));
}
