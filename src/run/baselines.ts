/** Runs that later ones are held against by name: a copy of their results, so that it outlives the run's directory. */
import { existsSync, mkdirSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Results } from '../compare/results.ts';
import { Problem } from '../problem.ts';
import { writing } from '../record/run-directory.ts';
import { name as nameSchema } from '../words/names.ts';
import { oneOf } from '../words/nearest.ts';
import { jsonText } from '../words/printable.ts';

/** Beside the runs, one folder for each experiment: a cache or a repository takes them along. */
const FOLDER = join('reports', 'baselines');

/** Where `@NAME` of an experiment is; anything else is a place already. @throws Problem where there is none of that name */
export function placeOf(base: string, experiment: string): string {
  if (!base.startsWith('@')) return base;
  const path = fileOf(base.slice(1), experiment);
  if (existsSync(path)) return path;
  const known = namesOf(experiment);
  throw new Problem({
    code: 'VGB-BASELINE-NAME',
    message: `no baseline ${base} of ${experiment}`,
    expected: known.length === 0 ? `a file ${path}` : oneOf(base.slice(1), known).expected,
    found: 'no such file',
    next: `save a run as it: vgpubench report RUN --save-baseline ${base.slice(1)}`,
  });
}

/** Keeps results under a name, in the place of what had it. @returns where @throws Problem */
export function saveBaseline(name: string, results: Results): string {
  const path = fileOf(name, results.name);
  const folder = dirname(path);
  writing(folder, () => {
    mkdirSync(folder, { recursive: true });
    writeFileSync(`${path}.new`, `${jsonText(results)}\n`);
    renameSync(`${path}.new`, path);
  });
  return path;
}

function fileOf(name: string, experiment: string): string {
  const { success } = nameSchema.safeParse(name);
  if (success) return join(FOLDER, experiment, `${name}.json`);
  throw new Problem({
    code: 'VGB-BASELINE-NAME',
    message: 'a baseline can’t have that name',
    expected: 'letters, digits, dot, dash or underscore, at most 63, such as main',
    found: name,
  });
}

function namesOf(experiment: string): string[] {
  const folder = join(FOLDER, experiment);
  const files = existsSync(folder) ? readdirSync(folder) : [];
  return files.filter((file) => file.endsWith('.json')).map((file) => file.slice(0, -'.json'.length));
}
