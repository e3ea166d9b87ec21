/**
 * What a source file may not do, found in its text. Comments and strings are not distinguished from code:
 * rarely needed.
 */
export interface SourceFile {
  /** From the root of the sources: `plan/plan.ts`. */
  path: string;
  text: string;
}

/** The folder of a path; `` for a file at the root. */
export function folderOf(path: string): string {
  return path.includes('/') ? path.slice(0, path.indexOf('/')) : '';
}

/** Every module that a file names in an import, an export or a call of import(). */
export function modulesIn(text: string): string[] {
  const named = /\bfrom\s*['"]([^'"]+)['"]|\bimport\s*\(?\s*['"]([^'"]+)['"]/g;
  return [...text.matchAll(named)].map(([, from, called]) => from ?? called ?? '');
}

/** What every folder may import. */
const LEAVES = new Set(['problem.ts', 'exit-code.ts']);

/** A file's imports from folders other than those in `allowed`, as sentences. */
export function badImports(
  { path, text }: SourceFile,
  allowed: Readonly<Record<string, readonly string[]>>,
): string[] {
  const own = folderOf(path);
  const may = allowed[own];
  if (may === undefined) return [`${path} is in a folder that no list of imports names: ${own}`];
  return modulesIn(text).flatMap((module) => {
    if (!module.startsWith('.')) return [];
    const to = new URL(module, `file:///${path}`).pathname.slice(1);
    const folder = folderOf(to);
    if (folder === own || LEAVES.has(to) || may.includes(folder)) return [];
    return [`${path} imports ${to}`];
  });
}

/**
 * The modules of the sources that a file needs at once: without types, and without what is loaded by
 * import().
 */
export function runtimeImportsOf({ path, text }: SourceFile): string[] {
  const statements = /^(?:import|export)\s+(?!type\b)(?:[^;]*?\sfrom\s*)?['"](\.[^'"]+)['"]/gm;
  return [...text.matchAll(statements)].map(([, module = '']) =>
    new URL(module, `file:///${path}`).pathname.slice(1),
  );
}

/** A file and everything it needs at once, directly or indirectly. */
export function reachedFrom(path: string, sources: ReadonlyMap<string, SourceFile>): SourceFile[] {
  const reached = new Map<string, SourceFile>();
  const visit = (at: string): void => {
    const file = sources.get(at);
    if (file === undefined || reached.has(at)) return;
    reached.set(at, file);
    for (const module of runtimeImportsOf(file)) visit(module);
  };
  visit(path);
  return [...reached.values()];
}

const EFFECTS: readonly (readonly [RegExp, string])[] = [
  [/\bDate\.now\b|\bnew Date\(\)|(?<!new )\bDate\(\)/, 'the clock (Date)'],
  [/\bperformance\.(?:now|timeOrigin|mark)\b/, 'the clock (performance)'],
  [/\bprocess\.|\bprocess\[/, 'the process'],
  [/\bMath\.random\b|\bcrypto\./, 'chance that no seed gives'],
  [/\bfetch\(/, 'the network'],
  [/\b(?:setTimeout|setInterval|setImmediate)\(/, 'a timer'],
];

/** What a supposedly pure file uses beyond its arguments, as sentences. */
export function effectsIn({ path, text }: SourceFile): string[] {
  const code = text.replace(/\/\*[\s\S]*?\*\/|(?<=^|\s)\/\/.*$/gm, '');
  const modules = modulesIn(text).filter((module) => module.startsWith('node:'));
  return [
    ...modules.map((module) => `${path} imports ${module}`),
    ...EFFECTS.filter(([sign]) => sign.test(code)).map(([, what]) => `${path} uses ${what}`),
  ];
}

/** The control characters of a text other than line feeds and tabs, by line. */
export function controlsIn({ path, text }: SourceFile): string[] {
  return text.split('\n').flatMap((line, index) => {
    const found = /[^\P{Cc}\t]|[\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/u.exec(line);
    const code = found?.[0].codePointAt(0)?.toString(16).toUpperCase().padStart(4, '0');
    return code === undefined ? [] : [`${path}:${index + 1} holds U+${code}`];
  });
}
