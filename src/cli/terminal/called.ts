import { basename, delimiter, dirname, relative, sep } from 'node:path';
import { quote } from '../../words/quote.ts';

/** Commands that messages mention; the table of commands contains these. */
export const NAMED = [
  'quickstart',
  'init',
  'list',
  'doctor',
  'plan',
  'try',
  'run',
  'resume',
  'restore',
  'report',
  'merge',
  'submit',
  'collect',
  'lab',
  'compare',
  'export',
  'history',
  'trend',
  'schema',
  'completion',
];

const CALL = new RegExp(`(?<![\\w./-])vgpubench (?=(${NAMED.join('|')})\\b)`, 'g');

/** Rewrites each command that the user may type next to start the way this one was called. */
export function asCalled(text: string, name = calledAs()): string {
  return name === 'vgpubench' ? text : text.replaceAll(CALL, `${name} `);
}

/** How this program was called: by its name, by npx, or by its path in a checkout. */
export function calledAs(
  program = process.argv[1] ?? '',
  directory = process.cwd(),
  path = process.env['PATH'] ?? '',
): string {
  if (basename(program) !== 'vgpubench') return 'vgpubench';
  const folder = dirname(program);
  if (folder.endsWith(`node_modules${sep}.bin`)) return 'npx vgpubench';
  return path.split(delimiter).includes(folder) ? 'vgpubench' : quote(relative(directory, program));
}
