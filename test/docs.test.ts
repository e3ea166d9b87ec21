/** What the documentation shows is what there is. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
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
/** What the pattern's group found, once each, in order. */
const namesIn = (text: string, pattern: RegExp) =>
  [...new Set([...text.matchAll(pattern)].map(([, name = '']) => name))].sort();

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

  it('has a word on each code that a user may be told, and on no other', () => {
    const sources = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.tsx?$/.test(name))
      .map((name) => textOf(`src/${name}`));
    const page = textOf('docs/troubleshooting.md');
    assert.deepEqual(namesIn(page, /`(VGB-[A-Z-]+)`/g), namesIn(sources.join('\n'), /'(VGB-[A-Z-]+)'/g));
    const warnings = namesIn(sources.join('\n'), /(?:\bcode: |\bwarn\(\s*)'([a-z-]+)'/g);
    assert.ok(warnings.length > 15);
    assert.deepEqual(
      warnings.filter((code) => !page.includes(`\`${code}\``)),
      [],
    );
  });

  it('leads to files and headings that are there', () => {
    const anchors = (path: string) =>
      [...textOf(path).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
        heading
          .toLowerCase()
          .replaceAll(/[^\w\- ]/g, '')
          .replaceAll(' ', '-'),
      );
    const dead = PAGES.flatMap((path) =>
      namesIn(textOf(path), /\]\(([^)\s]+)\)/g)
        .filter((link) => !/^[a-z]+:/.test(link))
        .filter((link) => {
          const [file = '', anchor] = link.split('#');
          const led = file === '' ? path : join(path, '..', file);
          return !existsSync(join(ROOT, led)) || (anchor !== undefined && !anchors(led).includes(anchor));
        })
        .map((link) => `${path}: ${link}`),
    );
    assert.deepEqual(dead, []);
  });

  it('is cited with the version that the package has', () => {
    const { version } = JSON.parse(textOf('package.json')) as { version: string };
    const citation = parse(textOf('CITATION.cff')) as Record<string, unknown>;
    assert.equal(citation['version'], version);
    assert.equal(citation['cff-version'], '1.2.0');
  });
});
