/** Whole lines of a journal that are doubled, gone or swapped. */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { Journal } from '../../src/record/journal.ts';
import { readEvents } from '../../src/record/read-journal.ts';
import { readRun, readTargets } from '../../src/record/read-run.ts';
import { salvageRun } from '../../src/record/salvage.ts';
import { writeRun } from '../cli/run-directories.ts';
import { inDirectory } from '../support/directory.ts';
import { eventsIn } from '../support/events.ts';
import { problemOf } from '../support/problem.ts';

/** A run of four blocks whose journal was written as runs write it, with its lines changed; `first` of them by an older vgpubench. */
function changed<T>(change: (lines: string[]) => string[], use: (directory: string) => T, first = 0): T {
  return inDirectory((parent) => {
    const directory = writeRun(join(parent, 'run'), { design: '{ blocks: 4, samples: 2, warmup: 0 }' });
    const path = join(directory, 'journal.jsonl');
    const bodies = eventsIn(directory);
    const old = readFileSync(path, 'utf8').split('\n').slice(0, first);
    writeFileSync(path, old.map((line) => `${line}\n`).join(''));
    const journal = first === 0 ? Journal.create(path) : Journal.reopen(path);
    for (const event of bodies.slice(first)) journal.append(event);
    journal.close();
    const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
    writeFileSync(
      path,
      change(lines)
        .map((line) => `${line}\n`)
        .join(''),
    );
    return use(directory);
  });
}

/** The number, from 1, of the line that ends the first trial of a block. */
const endOf = (lines: readonly string[], block: number) =>
  lines.findIndex((line) => line.includes('"trial-ended"') && line.includes(`"b${block}.`)) + 1;

const without = (lines: string[], at: number) => lines.filter((_, index) => index !== at - 1);
const doubled = (lines: string[], at: number) => lines.toSpliced(at, 0, lines[at - 1]!);
const swapped = (lines: string[], at: number) => [
  ...lines.slice(0, at - 1),
  ...lines.slice(at - 1, at + 1).reverse(),
  ...lines.slice(at + 1),
];

describe('a whole line of the journal', () => {
  for (const [what, change, where, says] of [
    ['that is gone', without, 0, /^it was written as line \d+$/],
    ['that is there twice', doubled, 1, /^it was written as line \d+$/],
    ['that changed places with the next', swapped, 0, /^it was written as line \d+$/],
  ] as const) {
    it(`${what} is refused, with its number`, () => {
      let at = 0;
      changed(
        (lines) => change(lines, (at = endOf(lines, 2))),
        (directory) => {
          const { code, message, expected, found, next } = problemOf(() => readRun(directory));
          assert.equal(code, 'VGB-JOURNAL-ORDER');
          assert.ok(message.includes(`journal.jsonl:${at + where}:`), message);
          assert.match(expected ?? '', new RegExp(`line ${at + where} as it was written`));
          assert.match(found ?? '', says);
          assert.match(next ?? '', /--salvage/);
        },
      );
    });

    it(`${what} is left out with its block where that is asked for`, () => {
      changed(
        (lines) => change(lines, endOf(lines, 2)),
        (directory) => {
          const { plan, record } = salvageRun(directory);
          for (const { id, block } of plan.trials)
            assert.equal(record.trials.get(id)?.outcome?.kind, block === 2 ? 'void' : 'completed', id);
          const texts = record.incidents.map(({ text }) => text);
          assert.ok(texts.length > 0);
          for (const text of texts) assert.match(text, /^line \d+ of the journal .* block 2 is excluded/);
        },
      );
    });
  }

  it('that was copied to another block leaves both blocks out', () => {
    changed(
      (lines) => lines.toSpliced(endOf(lines, 4), 0, lines[endOf(lines, 1) - 2]!),
      (directory) => {
        const { plan, record } = salvageRun(directory);
        for (const { id, block } of plan.trials)
          assert.equal(
            record.trials.get(id)?.outcome?.kind,
            block === 1 || block === 4 ? 'void' : 'completed',
            id,
          );
      },
    );
  });

  it('that is gone is told to whoever puts targets back, and keeps nobody from it', () => {
    changed(
      (lines) => without(lines, endOf(lines, 2)),
      (directory) => {
        const lost: number[] = [];
        const { record } = readTargets(directory, (line) => lost.push(line));
        assert.equal(lost.length, 1);
        assert.equal(record.endReason, 'completed');
      },
    );
  });
});

describe('a journal whose lines are all there', () => {
  const count = (directory: string) => [...readEvents(join(directory, 'journal.jsonl'))].length;

  it('is read where an older vgpubench began it, and where one wrote all of it', () => {
    const all = changed((lines) => lines, count);
    assert.equal(
      changed((lines) => lines, count, 5),
      all,
    );
    const unnumbered = (lines: string[]) => lines.map((line) => line.replace(/"seq":\d+,/, ''));
    assert.equal(changed(unnumbered, count), all);
  });

  it('but for one is refused also behind what an older vgpubench wrote', () => {
    changed(
      (lines) => without(lines, 9),
      (directory) => {
        assert.match(problemOf(() => readRun(directory)).message, /journal\.jsonl:9:/);
      },
      5,
    );
  });

  it('goes on with the next number after a line that was cut off', () => {
    changed(
      (lines) => lines,
      (directory) => {
        const path = join(directory, 'journal.jsonl');
        writeFileSync(path, readFileSync(path, 'utf8').slice(0, -9));
        const journal = Journal.reopen(path);
        journal.append({ type: 'run-ended', reason: 'completed' });
        journal.close();
        assert.ok(count(directory) > 10);
      },
    );
  });
});
