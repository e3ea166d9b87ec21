/**
 * Runs saved by name for later comparisons: a copy of their results, so that it outlives the run's directory.
 */
import { existsSync, mkdirSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Results } from '../compare/results.ts';
import { Problem } from '../problem.ts';
import { writing } from '../record/run-directory.ts';
import { name as nameSchema } from '../words/names.ts';
import { oneOf } from '../words/nearest.ts';
import { jsonText } from '../words/printable.ts';

/** Next to the runs, one folder per experiment, so that a cache or repository includes them. */
const FOLDER = join('reports', 'baselines');

/**
 * The path of `@NAME` for an experiment; anything else is a path already. @throws Problem if there is none of
 * that name
 */
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
    next: `save a run under that name: vgpubench report RUN --save-baseline ${base.slice(1)}`,
  });
}

/** Saves results under a name, replacing earlier ones. @returns the path @throws Problem */
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
    message: 'invalid name of a baseline',
    expected: 'letters, digits, dot, dash or underscore, at most 63, such as main',
    found: name,
  });
}

function namesOf(experiment: string): string[] {
  const folder = join(FOLDER, experiment);
  const files = existsSync(folder) ? readdirSync(folder) : [];
  return files.filter((file) => file.endsWith('.json')).map((file) => file.slice(0, -'.json'.length));
}
