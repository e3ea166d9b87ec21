/** Experiment files that are refused, and how that is told. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseExperiment } from '../../src/experiment/load.ts';
import { experimentText } from '../support/experiment-text.ts';
import { problemOf } from '../support/problem.ts';

/** The mistakes found in a text, each as `line:column CODE message | expected | found | next`. */
export function mistakesIn(text: string): string[] {
  const { code, exitCode, details } = problemOf(() => parseExperiment(text, 'f.yaml'));
  assert.deepEqual([code, exitCode], ['VGB-EXPERIMENT', 2]);
  return (details ?? []).map((detail) => {
    const [head = '', ...rest] = detail.split('\n');
    const [, place, message, short] =
      /^f\.yaml:(\d+:\d+): (.*) \[VGB-EXPERIMENT-([A-Z]+)\]$/.exec(head) ?? [];
    const part = (name: string) => rest.find((line) => line.startsWith(`  ${name}:`))?.slice(12) ?? '';
    return `${place ?? head} ${short ?? ''} ${message ?? ''} | ${part('expected')} | ${part('found')} | ${part('next')}`;
  });
}

/** A word that was found in the file stands where its mistake says. */
function assertStandsThere(text: string, mistake: string): void {
  const [, line, column, kind, , found = ''] =
    /^(\d+):(\d+) ([A-Z]+) (.*?) \| .* \| (.*) \| .*$/.exec(mistake) ?? [];
  const word = /^"(.*)"$/.exec(found)?.[1] ?? (/KEY|REFERENCE/.test(kind ?? '') ? found : undefined);
  if (word === undefined || mistake.startsWith('1:1 ') || !text.includes(word)) return;
  const there = (text.split('\n')[Number(line) - 1] ?? '').slice(Number(column) - 1);
  assert.ok(there.replace(/^["']/, '').startsWith(word), `${mistake}: found there: ${there}`);
}

/** The usual experiment with more in the mode `slow`. */
export const mode = (entry: string) =>
  experimentText('{ use: custom, on: guest }', `{ use: custom, on: guest, ${entry} }`);
/** With another metric of its command. */
export const metric = (entry: string) =>
  experimentText('{ pattern: "GFLOPS: {value}", unit: GFLOP/s, better: higher }', entry);

/** Tests of one kind of mistake. */
export function describeRefused(
  kind: string,
  cases: readonly (readonly [title: string, text: string, mistakes: string[]])[],
): void {
  describe(`${kind} is refused with its place, what was expected and what was found`, () => {
    for (const [title, text, mistakes] of cases)
      it(title, () => {
        assert.deepEqual(mistakesIn(text), mistakes);
        for (const mistake of mistakes) assertStandsThere(text, mistake);
      });
  });
}
