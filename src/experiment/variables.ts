/**
 * Environment variables in an experiment file: ${NAME} in any text of it, and $${NAME} for a literal ${NAME}.
 */
import { type Document, type Scalar, isScalar, visit } from 'yaml';
import type { Flaw } from './structure.ts';

const VARIABLE = /(\$?)\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g;

export interface Resolved {
  /**
   * The file’s text with variables replaced by values: the copy that a run keeps, so that it means the same
   * anywhere.
   */
  source: string;
  flaws: Flaw[];
}

/** For a file as its author wrote it. A text that has a variable is quoted; line numbers stay the same. */
export function resolveVariables(
  source: string,
  document: Document,
  environment: Readonly<Record<string, string | undefined>>,
): Resolved {
  const flaws: Flaw[] = [];
  const changed: { from: number; to: number; text: string }[] = [];
  visit(document, {
    Scalar: (key, node) => {
      if (key === 'key' || typeof node.value !== 'string' || !Array.isArray(node.range)) return;
      const [from, to] = node.range;
      const text = node.value.replaceAll(VARIABLE, (whole, escape: string, name: string) => {
        if (escape !== '') return whole;
        const value = environment[name];
        if (value === undefined) flaws.push(unset(name, from));
        return (value ?? '').replaceAll(VARIABLE, '$$$&');
      });
      if (text === node.value) return;
      changed.push({ from, to, text: `${JSON.stringify(text)}${newlines(source.slice(from, to))}` });
    },
  });
  let resolved = source;
  for (const { from, to, text } of changed.reverse())
    resolved = `${resolved.slice(0, from)}${text}${resolved.slice(to)}`;
  return { source: resolved, flaws };
}

/** For a file without variables: removes the second dollar sign, in place. */
export function unescapeVariables(document: Document): void {
  visit(document, {
    Scalar: (_, node: Scalar) => {
      if (isScalar(node) && typeof node.value === 'string' && node.value.includes('$${'))
        node.value = node.value.replaceAll(VARIABLE, (whole, escape: string) =>
          escape === '' ? whole : whole.slice(1),
        );
    },
  });
}

function unset(name: string, offset: number): Flaw {
  return {
    offset,
    code: 'VGB-EXPERIMENT-VARIABLE',
    message: `the variable ${name} is not set`,
    expected: `${name} in the environment of vgpubench, such as: ${name}=... vgpubench run FILE; or $\${${name}} for a variable of the shell`,
    found: 'no such variable',
  };
}

function newlines(text: string): string {
  return text.replaceAll(/[^\n]/g, '');
}
