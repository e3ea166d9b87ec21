import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/**
 * Lets test files share processes: starting one and loading the packages takes a second of a core, as long as
 * most files take.
 * @returns at most `count` modules that import the files between them; they are removed when this process
 * ends.
 */
export function shardsOf(files: readonly string[], count: number): string[] {
  const folder = mkdtempSync(join(tmpdir(), 'vgb-shards-'));
  process.on('exit', () => {
    rmSync(folder, { recursive: true });
  });
  return Array.from({ length: Math.min(count, files.length) }, (_, shard) => {
    const own = files.filter((_, index) => index % count === shard);
    const path = join(folder, `shard-${shard + 1}.mjs`);
    writeFileSync(path, own.map((file) => `import ${JSON.stringify(pathToFileURL(file).href)};\n`).join(''));
    return path;
  });
}
