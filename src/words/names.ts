import { z } from 'zod';

/** Names become parts of paths, cells and chart labels, so they are kept plain. */
const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/;
export const name = z.string().regex(NAME, {
  error:
    'expected a name: letters, digits, dot, dash or underscore, at most 63, starting with a letter or digit',
});

export const oneOrMany = z
  .union([name, z.array(name).min(1)])
  .transform((names) => (typeof names === 'string' ? [names] : names))
  .describe('The target, or the list of targets that start together.');

export const commandLine = z.string().min(1, { error: 'expected a shell command, not an empty string' });
