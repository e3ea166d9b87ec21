import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import type * as Esbuild from 'esbuild';

let script: string | undefined;

/**
 * The page's program, with Chart.js, as one script that loads nothing else. A build contains it; when run
 * from sources, it is bundled afresh, so that it always matches them.
 */
export function pageScript(): string {
  script ??= import.meta.url.endsWith('.ts')
    ? bundlePage().outputFiles[0]?.text
    : readFileSync(new URL('../page.js', import.meta.url), 'utf8');
  if (script === undefined) throw new Error('esbuild made no script of src/page/main.tsx');
  return script;
}

/** The output of esbuild for src/page/, and the files in it. Only a checkout has esbuild. */
export function bundlePage(): Esbuild.BuildResult<{ write: false; metafile: true }> {
  const esbuild = createRequire(import.meta.url)('esbuild') as typeof Esbuild;
  return esbuild.buildSync({
    entryPoints: [fileURLToPath(new URL('../page/main.tsx', import.meta.url))],
    ...{ bundle: true, minify: true, write: false, metafile: true, format: 'iife', legalComments: 'none' },
    logLevel: 'silent',
  });
}
