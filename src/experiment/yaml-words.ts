import type { YAMLError } from 'yaml';
import { messageOf } from '../problem.ts';

/** What the parser found in a text, in words of its author: some of the parser's own are for who calls it. */
export function syntaxWords({ code, message }: YAMLError): { expected: string; found: string } {
  return code === 'MULTIPLE_DOCS'
    ? { expected: 'one experiment in a file', found: 'a second one, after ---' }
    : { expected: 'YAML 1.2', found: message };
}

/** The same of what comes out only where aliases are followed. */
export function aliasWords(error: unknown): { expected: string; found: string } {
  const message = messageOf(error);
  if (message.startsWith('Merge sources'))
    return { expected: 'a map, or a list of maps, to merge by <<', found: 'something else' };
  return {
    expected: 'each alias (*name) after its anchor (&name), and few of them',
    found: message.startsWith('Excessive alias count')
      ? 'aliases that stand for aliases, too many times over'
      : message,
  };
}
