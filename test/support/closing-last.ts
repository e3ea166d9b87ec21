/**
 * A reporter: spec's, but with node:test's own closing lines at the very end, where spec prints failures
 * below them; several consecutive runs appear as one. Above them are the time that the files took, which took
 * most of it, and what is found once all have ended.
 */
import { join, relative } from 'node:path';
import { Readable } from 'node:stream';
import { type TestEvent, spec } from 'node:test/reporters';

const ROOT = join(import.meta.dirname, '..');
const SHOWN = 5;

export async function* closingLast(
  events: AsyncIterable<TestEvent>,
  atEnd: () => readonly string[] = () => [],
): AsyncGenerator<string> {
  const closing = new Map<string, number>();
  const tookMs = new Map<string, number>();
  async function* others() {
    for await (const event of events) {
      // Only the run itself says something that is of no file.
      if (event.type === 'test:diagnostic' && event.data.file === undefined) {
        const [name = '', count] = event.data.message.split(' ');
        closing.set(name, (closing.get(name) ?? 0) + Number(count));
        continue;
      }
      if (event.type === 'test:complete' && event.data.nesting === 0) {
        const { name, file = '', details } = event.data;
        // A file's process is told of like a test; what counts is the tests in it.
        if (name !== file) tookMs.set(file, (tookMs.get(file) ?? 0) + details.duration_ms);
      }
      yield event;
    }
  }
  const began = performance.now();
  for await (const text of Readable.from(others()).compose<Readable>(new spec())) yield String(text);
  const slowest = [...tookMs]
    .sort(([, a], [, b]) => b - a)
    .slice(0, SHOWN)
    .map(([file, ms]) => `${relative(ROOT, file)} ${seconds(ms)}`);
  yield `ℹ ${tookMs.size} files in ${seconds(performance.now() - began)}; slowest: ${slowest.join(', ')}\n`;
  for (const line of atEnd()) yield `${line}\n`;
  for (const [name, sum] of closing) yield `ℹ ${name} ${sum}\n`;
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
