import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What a real program printed, kept under test/fixtures. */
export function fixture(path: string): string {
  return readFileSync(join(import.meta.dirname, '../fixtures', path), 'utf8');
}
