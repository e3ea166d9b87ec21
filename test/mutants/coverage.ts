/** Which tests can see a source: those whose imports lead to it, nearest first. A program that a test starts is not followed. */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import ts from 'typescript';
import { GROUPS, needsOf } from '../support/groups.ts';

/** They set up a machine, or run whole experiments; and the test of this tool. */
const LEFT_OUT = /^test\/(?:mutants\/|(?:setup|loopback)\.test\.ts$)/;

/** One that takes long, or brings up the lab, would take minutes for each mutant. */
function serves(test: string, root: string): boolean {
  const read = (path: string) =>
    existsSync(join(root, path)) ? readFileSync(join(root, path), 'utf8') : undefined;
  return GROUPS.core(test) && !LEFT_OUT.test(test) && !needsOf(test, read).includes('the lab');
}

export interface Cover {
  /** From the root of the tree. */
  readonly test: string;
  /** How many imports lead from the test to the source; 1 also from the test that is named after it. */
  readonly distance: number;
}

/** For each file, the tests that import it, directly or not. */
export function coverage(root: string): ReadonlyMap<string, readonly Cover[]> {
  const covers = new Map<string, Cover[]>();
  const imports = importer(root);
  for (const test of filesBelow(root, 'test', '.test.ts').filter((one) => serves(one, root)))
    for (const [file, distance] of reach(test, imports))
      covers.set(file, [
        ...(covers.get(file) ?? []),
        { test, distance: isNamesake(test, file) ? 1 : distance },
      ]);
  return covers;
}

/** A test named after its source is about it, though it may reach it by way of others. */
function isNamesake(test: string, file: string): boolean {
  return test.replace(/^test\//, 'src/') === file.replace(/\.ts$/, '.test.ts');
}

/** Files below a folder whose names end so, in order. */
export function filesBelow(root: string, folder: string, end: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith(end))
    .map((path) => join(folder, path))
    .sort();
}

/** Breadth first, so that the first way found is the shortest. */
function reach(test: string, imports: (file: string) => readonly string[]): ReadonlyMap<string, number> {
  const distances = new Map([[test, 0]]);
  for (const [file, distance] of distances)
    // grows as it is walked
    for (const next of imports(file)) if (!distances.has(next)) distances.set(next, distance + 1);
  return distances;
}

function importer(root: string): (file: string) => readonly string[] {
  const known = new Map<string, readonly string[]>();
  return (file) => {
    const found = known.get(file) ?? importsOf(root, file);
    known.set(file, found);
    return found;
  };
}

function importsOf(root: string, file: string): string[] {
  const { importedFiles } = ts.preProcessFile(readFileSync(join(root, file), 'utf8'), true, true);
  return importedFiles
    .filter(({ fileName }) => fileName.startsWith('.'))
    .map(({ fileName }) => join(dirname(file), fileName))
    .filter((path) => path.endsWith('.ts') && existsSync(join(root, path)));
}
