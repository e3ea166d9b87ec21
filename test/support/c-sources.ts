/**
 * The lab's C sources for tests: without comments, and assuming kernel style, in which a definition begins
 * its line.
 */
import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';

const LAB = join(import.meta.dirname, '../../lab');

/** Text by path from lab/: `gpu/engine.c`. */
export type CSources = ReadonlyMap<string, string>;

export function labSources(): CSources {
  const paths = readdirSync(LAB, { recursive: true, encoding: 'utf8' }).filter((path) =>
    /\.[ch]$/.test(path),
  );
  return new Map(paths.sort().map((path) => [path, withoutComments(readFileSync(join(LAB, path), 'utf8'))]));
}

export function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, ' ');
}

/** Files that each file calls, or whose data it uses: an edge of the program, whatever header declares it. */
export function callsBetween(sources: CSources): Map<string, Set<string>> {
  const programs = [...sources].filter(([path]) => path.endsWith('.c'));
  const owners = programs.flatMap(([path, text]) => definitions(text).map((name) => [name, path] as const));
  return new Map(
    programs.map(([path, text]) => {
      const code = text.replace(/^#include.*$|\b(?:struct|enum|union) \w+/gm, '');
      const words = new Set(code.match(/\b[a-z]\w*\b/g));
      const declared = headersOf(path, sources).map((header) => sources.get(header) ?? '');
      const used = owners.filter(
        ([name, owner]) =>
          owner !== path &&
          words.has(name) &&
          reaches(path, owner) &&
          declared.some((header) => declares(header, name)),
      );
      return [path, new Set(used.map(([, owner]) => owner))];
    }),
  );
}

/** A test's program may replace what it leaves out, and belongs to nobody else. */
function reaches(path: string, owner: string): boolean {
  return dirname(owner) !== 'test' || dirname(path) === 'test';
}

/** Folders whose headers each folder includes. */
export function includesBetweenFolders(sources: CSources): Map<string, Set<string>> {
  const folders = new Map<string, Set<string>>();
  for (const [path, text] of sources) {
    const own = folders.get(dirname(path)) ?? new Set();
    folders.set(dirname(path), own);
    for (const header of included(path, text))
      if (dirname(header) !== dirname(path)) own.add(dirname(header));
  }
  return folders;
}

/** A cycle, for each node that is on one: `a -> b -> a`. */
export function circles(edges: ReadonlyMap<string, ReadonlySet<string>>): string[] {
  return [...edges.keys()].flatMap((start) => {
    const way = wayBack(start, edges);
    return way === undefined ? [] : [way.join(' -> ')];
  });
}

function wayBack(start: string, edges: ReadonlyMap<string, ReadonlySet<string>>): string[] | undefined {
  const seen = new Set<string>();
  const ways = [[start]];
  for (let way = ways.shift(); way !== undefined; way = ways.shift())
    for (const next of edges.get(way.at(-1) ?? '') ?? []) {
      if (next === start) return [...way, next];
      if (!seen.has(next)) ways.push([...way, next]);
      seen.add(next);
    }
  return undefined;
}

/** Functions and data that other files can name. */
function definitions(text: string): string[] {
  const beginsLine = /^(?!static\b|extern\b|typedef\b)[a-z][\w *]*?\b(\w+)(?:\[[^\]]*\])*\s*(?:\(|=|;)/gm;
  return [...text.matchAll(beginsLine)].map(([, name]) => name ?? '');
}

function declares(header: string, name: string): boolean {
  return new RegExp(String.raw`\b${name}\(|^extern [^;]*\b${name}\b`, 'm').test(header);
}

/** All headers that a file includes, directly or indirectly. */
function headersOf(path: string, sources: CSources): string[] {
  const found = new Set<string>();
  const queue = [path];
  for (let next = queue.shift(); next !== undefined; next = queue.shift())
    for (const header of included(next, sources.get(next) ?? ''))
      if (!found.has(header)) {
        found.add(header);
        queue.push(header);
      }
  return [...found];
}

function included(path: string, text: string): string[] {
  return [...text.matchAll(/^#include "([^"]+)"/gm)].map(([, name]) => join(dirname(path), name ?? ''));
}
