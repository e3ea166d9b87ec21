/** Compiles LaTeX like an author; needs pdflatex and booktabs. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';

/**
 * The complaints of pdflatex, empty if it has made a document containing `table`.
 * @param folder a new one for its files.
 */
export async function complaintsOfLatex(table: string, folder: string): Promise<string> {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'table.tex'), table);
  writeFileSync(
    join(folder, 'paper.tex'),
    '\\documentclass{article}\n\\usepackage{booktabs,longtable}\n\\begin{document}\n\\input{table}\n\\end{document}\n',
  );
  const { exitCode, stdout } = await execa(
    'pdflatex',
    ['-interaction=nonstopmode', '-halt-on-error', '-no-shell-escape', 'paper.tex'],
    { cwd: folder, reject: false, timeout: 60_000 },
  );
  return exitCode === 0 ? '' : stdout.slice(stdout.indexOf('\n!')).slice(0, 1000);
}
