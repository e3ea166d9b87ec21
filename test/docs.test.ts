/** What the documentation shows is what there is. */
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { parse } from 'yaml';
import { parseExperiment } from '../src/experiment/load.ts';
import { modeKinds } from '../src/mode/kinds.ts';

const ROOT = join(import.meta.dirname, '..');
const PAGES = [
  'README.md',
  ...readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' }).map((name) => `docs/${name}`),
].filter((name) => name.endsWith('.md'));
const textOf = (path: string) => readFileSync(join(ROOT, path), 'utf8');
const experimentsIn = (path: string) =>
  [...textOf(path).matchAll(/^```yaml\n([\s\S]*?)^```$/gm)].map(([, text = '']) => text);

describe('the documentation', () => {
  it('has an experiment in the README and in each system’s page', () => {
    const shown = PAGES.filter((path) => experimentsIn(path).length > 0);
    const systems = PAGES.filter((path) => path.startsWith('docs/systems/'));
    assert.ok(systems.length > 0);
    assert.deepEqual(
      shown.filter((path) => path === 'README.md' || systems.includes(path)).sort(),
      ['README.md', ...systems].sort(),
    );
  });

  for (const path of PAGES)
    for (const [index, text] of experimentsIn(path).entries())
      it(`has an experiment that loads: ${path}, ${index + 1}`, () => {
        assert.doesNotThrow(() => parseExperiment(text, path));
      });

  it('has a page for each kind of mode that runs on hardware nobody here has', () => {
    for (const { use, facts } of modeKinds)
      if (!facts.onHardware)
        assert.match(textOf(`docs/systems/${use}.md`), /\*\*Supported, not yet run on hardware\.\*\*/);
  });

  it('is cited with the version that the package has', () => {
    const { version } = JSON.parse(textOf('package.json')) as { version: string };
    const citation = parse(textOf('CITATION.cff')) as Record<string, unknown>;
    assert.equal(citation['version'], version);
    assert.equal(citation['cff-version'], '1.2.0');
  });
});
