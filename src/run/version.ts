import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The versions of the harness and its environment, for the journal. */
export function versions(): Record<string, string> {
  return {
    vgpubench: packageVersion(),
    node: process.version,
    platform: `${process.platform} ${process.arch}`,
  };
}

export function packageVersion(): string {
  const path = fileURLToPath(new URL('../../package.json', import.meta.url));
  return (JSON.parse(readFileSync(path, 'utf8')) as { version: string }).version;
}
