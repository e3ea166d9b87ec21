import { asCalled } from './called.ts';

const WIDTH = 100;

/**
 * Text that starts with `head`, wrapped between words; further lines align with the text, or are indented by
 * `indent` columns.
 */
export function wrapped(head: string, text: string, indent = head.length): string {
  const lines: string[] = [];
  let line = head;
  for (const word of asCalled(text).split(' ')) {
    const first = line === head || line.trim() === '';
    if (!first && line.length + 1 + word.length > WIDTH) {
      lines.push(line);
      line = ' '.repeat(indent) + word;
    } else line += first ? word : ` ${word}`;
  }
  return [...lines, line].join('\n');
}
