import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { execa } from 'execa';
import { tell } from './output.ts';

/** Programs that open a page in the user's browser: on Linux and BSDs, and on macOS. */
const OPENERS = process.platform === 'darwin' ? ['open'] : ['xdg-open'];

/** Opens a page in the user's browser; if that fails, prints where the page is. */
export async function openPage(path: string): Promise<void> {
  const page = resolve(path);
  if (!existsSync(page)) return;
  for (const opener of OPENERS) {
    // It may run as long as the browser does: if it has not failed by then, it worked.
    const opening = execa(opener, [page], { detached: true, stdio: 'ignore', reject: false, cleanup: false });
    opening.unref();
    const failed = await Promise.race([
      opening.then(({ failed }) => failed),
      new Promise<false>((wait) => setTimeout(wait, PATIENCE_MS, false).unref()),
    ]);
    if (!failed) return;
  }
  tell(`could not start a browser (tried ${OPENERS.join(', ')}); the page is ${page}`);
}

const PATIENCE_MS = 2000;
