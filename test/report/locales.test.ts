/** A report is the same bytes, whatever language its machine speaks and however often it is made. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { after, describe, it } from 'node:test';
import { pathToFileURL } from 'node:url';
import { execa } from 'execa';

const LOCALES = ['C', 'de_DE.UTF-8', 'ar_EG.UTF-8'];
const moduleAt = (path: string) => JSON.stringify(pathToFileURL(join(import.meta.dirname, path)).href);

/** Writes the report of the made run, and says what 1234.5 is in the process's own language. */
const WRITE = `
import { writeReport } from ${moduleAt('../../src/report/write.ts')};
import { madeResults } from ${moduleAt('made-run.ts')};
const unmade = writeReport(process.argv[1], madeResults, { experiment: 'name: simulated\\n' });
if (unmade.length > 0) throw unmade[0];
process.stdout.write((1234.5).toLocaleString());
`;

describe('the files of a report', () => {
  const scratch = mkdtempSync(join(tmpdir(), 'vgpubench-locales-'));
  after(() => {
    rmSync(scratch, { recursive: true, force: true });
  });

  /** The digest of each file, by its path, and a number in the process's own language. */
  async function written(
    name: string,
    locale: string,
  ): Promise<{ files: [string, string][]; number: string }> {
    const folder = join(scratch, name);
    const { stdout } = await execa(
      process.execPath,
      ['--import', 'tsx', '--input-type=module', '--eval', WRITE, folder],
      { env: { LC_ALL: locale, LANG: locale }, cwd: join(import.meta.dirname, '../..') },
    );
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .map((path) => join(folder, path))
      .filter((path) => statSync(path).isFile())
      .map((path): [string, string] => [
        relative(folder, path),
        createHash('sha256').update(readFileSync(path)).digest('hex'),
      ]);
    return { files: files.sort(([a], [b]) => (a < b ? -1 : 1)), number: stdout };
  }

  it('are the same bytes in every language, and a second time', async () => {
    const first = await written('first', 'C');
    const names = first.files.map(([path]) => path);
    for (const end of ['index.html', '.svg', '.pdf', '.png', '.csv', '.tex', '.json', '.xml', '.md'])
      assert.ok(
        names.some((name) => name.endsWith(end)),
        `a ${end} among ${names.join(', ')}`,
      );
    const numbers = new Set<string>();
    for (const locale of LOCALES) {
      const again = await written(locale, locale);
      assert.deepEqual(again.files, first.files, locale);
      numbers.add(again.number);
    }
    assert.ok(numbers.size > 1, `the languages were in effect: ${[...numbers].join(', ')}`);
  });
});
