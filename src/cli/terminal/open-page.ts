import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { execa } from 'execa';
import { tell } from './output.ts';

/** What shows a page where a person sits: on Linux and BSDs, and on macOS. */
const OPENERS = process.platform === 'darwin' ? ['open'] : ['xdg-open'];

/** Has the user's browser show a page; where there is none, says where the page is. */
export async function openPage(path: string): Promise<void> {
  const page = resolve(path);
  if (!existsSync(page)) return;
  for (const opener of OPENERS) {
    // It may stay as long as the browser does: what has not failed by then has opened it.
    const opening = execa(opener, [page], { detached: true, stdio: 'ignore', reject: false, cleanup: false });
    opening.unref();
    const failed = await Promise.race([
      opening.then(({ failed }) => failed),
      new Promise<false>((wait) => setTimeout(wait, PATIENCE_MS, false).unref()),
    ]);
    if (!failed) return;
  }
  tell(`no browser could be started here (by ${OPENERS.join(', ')}); the page is ${page}`);
}

const PATIENCE_MS = 2000;
