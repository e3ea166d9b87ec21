/** The archive that this machine's own apt uses, if it is Debian's: reads both formats of its sources. */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** One source of packages: every URI has every suite. */
export interface Source {
  uris: string[];
  suites: string[];
  components: string[];
}

/** `deb [options] uri suite component...`, one per line: sources.list(5). */
export function parseOneLine(text: string): Source[] {
  return text.split('\n').flatMap((line) => {
    const found = /^\s*deb\s+(?:\[[^\]]*\]\s*)?(\S+)\s+(\S+)\s+([^#]+)/.exec(line);
    if (found === null) return [];
    const [, uri = '', suite = '', components = ''] = found;
    return [{ uris: [uri], suites: [suite], components: words(components) }];
  });
}

/** Paragraphs of fields, as in control files: "deb822-style format" of sources.list(5). */
export function parseDeb822(text: string): Source[] {
  const lines = text.split('\n').filter((line) => !line.startsWith('#'));
  return lines
    .join('\n')
    .split(/\n\s*\n/)
    .flatMap((paragraph) => {
      const fields = new Map(
        [...paragraph.matchAll(/^([\w-]+):((?:.*\n?)(?:[ \t].*\n?)*)/gm)].map(([, name = '', value = '']) => [
          name.toLowerCase(),
          value.trim(),
        ]),
      );
      const field = (name: string) => words(fields.get(name) ?? '');
      if (!field('types').includes('deb') || /^(?:no|false|0)$/i.test(fields.get('enabled') ?? '')) return [];
      return [{ uris: field('uris'), suites: field('suites'), components: field('components') }];
    });
}

function words(text: string): string[] {
  return text.split(/\s+/).filter((word) => word !== '');
}

/** All sources of this machine, in apt's order; none without apt. */
export function readSources(etc = '/etc'): Source[] {
  const parts = namesIn(join(etc, 'apt/sources.list.d')).map((name) => join('sources.list.d', name));
  return ['sources.list', ...parts.sort()].flatMap((name) => {
    if (!/\.(?:list|sources)$/.test(name)) return [];
    try {
      const text = readFileSync(join(etc, 'apt', name), 'utf8');
      return name.endsWith('.list') ? parseOneLine(text) : parseDeb822(text);
    } catch {
      // Unreadable, or missing.
      return [];
    }
  });
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
