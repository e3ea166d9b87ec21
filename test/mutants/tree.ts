/** Copies of the checkout, one for each core, so that it is never changed itself. */
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';

export interface Tree {
  readonly path: string;
  /** For the temporary files of what runs in it. */
  readonly scratch: string;
}

const NOT_COPIED = /^(?:node_modules|\.git|\.cache|reports\/(?!sample).*)$/;

export function makeTrees(root: string, count: number): { trees: Tree[]; remove: () => void } {
  const base = mkdtempSync(join(tmpdir(), 'mutants-'));
  const trees = Array.from({ length: count }, (_, index) => {
    const tree = { path: join(base, `${index}`), scratch: join(base, `tmp${index}`) };
    cpSync(root, tree.path, { recursive: true, filter: (path) => !NOT_COPIED.test(relative(root, path)) });
    symlinkSync(join(root, 'node_modules'), join(tree.path, 'node_modules'));
    mkdirSync(tree.scratch);
    return tree;
  });
  const remove = () => {
    rmSync(base, { recursive: true, force: true, maxRetries: 5 });
  };
  return { trees, remove };
}
