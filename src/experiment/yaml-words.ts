import type { YAMLError } from 'yaml';
import { messageOf } from '../problem.ts';

/** A parser error in terms of the file's author: some of the parser's own messages address programmers. */
export function syntaxWords({ code, message }: YAMLError): { expected: string; found: string } {
  return code === 'MULTIPLE_DOCS'
    ? { expected: 'one experiment in a file', found: 'a second one, after ---' }
    : { expected: 'YAML 1.2', found: message };
}

/** The same for errors that only show when aliases are resolved. */
export function aliasWords(error: unknown): { expected: string; found: string } {
  const message = messageOf(error);
  if (message.startsWith('Merge sources'))
    return { expected: 'a map, or a list of maps, to merge with <<', found: 'something else' };
  return {
    expected: 'each alias (*name) after its anchor (&name), and few of them',
    found: message.startsWith('Excessive alias count') ? 'aliases of aliases, too many times over' : message,
  };
}
