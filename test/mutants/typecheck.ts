/** Whether the compiler would let a mutant through: what it refuses, no test needs to find. */
import { join } from 'node:path';
import ts from 'typescript';

/** Checks one file with another text in it, by the tree's tsconfig.json; not the files that import it. */
export function typechecker(root: string): (file: string, text: string) => boolean {
  const config: unknown = ts.readConfigFile(join(root, 'tsconfig.json'), (path) =>
    ts.sys.readFile(path),
  ).config;
  const { options, fileNames } = ts.parseJsonConfigFileContent(config, ts.sys, root);
  let changed = { path: '', text: '', version: 0 };
  const service = ts.createLanguageService({
    getCompilationSettings: () => options,
    getScriptFileNames: () => fileNames.filter((name) => name.startsWith(join(root, 'src/'))),
    getScriptVersion: (path) => String(path === changed.path ? changed.version : 0),
    getScriptSnapshot: (path) => {
      const text = path === changed.path ? changed.text : ts.sys.readFile(path);
      return text === undefined ? undefined : ts.ScriptSnapshot.fromString(text);
    },
    getCurrentDirectory: () => root,
    getDefaultLibFileName: ts.getDefaultLibFilePath,
    fileExists: (path) => ts.sys.fileExists(path),
    readFile: (path) => ts.sys.readFile(path),
    directoryExists: (path) => ts.sys.directoryExists(path),
    getDirectories: (path) => ts.sys.getDirectories(path),
  });
  return (file, text) => {
    const path = join(root, file);
    changed = { path, text, version: changed.version + 1 };
    return service.getSyntacticDiagnostics(path).length + service.getSemanticDiagnostics(path).length === 0;
  };
}
