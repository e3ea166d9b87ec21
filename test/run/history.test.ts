import assert from 'node:assert/strict';
import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { addToHistory, readHistory } from '../../src/run/history.ts';
import { writeRun } from '../cli/run-directories.ts';
import { inDirectory } from '../support/directory.ts';
import { problemOf } from '../support/problem.ts';
import { simulatedHistory } from '../trend/simulated-history.ts';

const wall = (hour: number) => `2030-01-01T0${hour}:00:00.000Z`;
const runIn = (folder: string, place: number, upTo?: number) =>
  writeRun(join(folder, `run-${place}`), {
    ...{ seed: place, token: `token ${place}`, wall: wall(place) },
    ...(upTo === undefined ? {} : { upTo, endReason: 'interrupted' as const }),
  });
const text = (lines: readonly unknown[]) => lines.map((line) => `${JSON.stringify(line)}\n`).join('');
const LINES = simulatedHistory({ runs: 4, cells: 1, mean: () => 0 });

describe('a history', () => {
  it('has a line for each run that was added, and the same bytes for the same run', () => {
    inDirectory((folder) => {
      const [file, other] = [join(folder, 'new/history.jsonl'), join(folder, 'other.jsonl')];
      for (const place of [1, 2]) assert.equal(addToHistory(runIn(folder, place), file).added, true);
      assert.deepEqual(
        readHistory(file).map(({ started }) => started),
        [wall(1), wall(2)],
      );
      addToHistory(runIn(folder, 2), other);
      assert.equal(readFileSync(file, 'utf8').split('\n')[1], readFileSync(other, 'utf8').trimEnd());
      assert.doesNotMatch(readFileSync(file, 'utf8'), /token/);
    });
  });

  it('has a run once, as it ended last', () => {
    inDirectory((folder) => {
      const file = join(folder, 'history.jsonl');
      assert.equal(addToHistory(runIn(folder, 1, 8), file).line.whole, false);
      assert.deepEqual(
        [addToHistory(join(folder, 'run-1'), file).added, readHistory(file).length],
        [false, 1],
      );
      // It was resumed since.
      writeRun(join(folder, 'run-1'), { seed: 1, token: 'token 1', wall: wall(5) });
      assert.deepEqual(
        [addToHistory(join(folder, 'run-1'), file).runs, readHistory(file).map(({ whole }) => whole)],
        [1, [true]],
      );
    });
  });

  it('is the union of two branches’ lines, in any order, with or without a last line break', () => {
    inDirectory((folder) => {
      const file = join(folder, 'history.jsonl');
      const [a, b, c, d] = LINES;
      writeFileSync(file, text([c, a, b, a]).trimEnd());
      appendFileSync(file, `\n\n${text([d, b])}`);
      assert.deepEqual(
        new Set(readHistory(file).map(({ run }) => run)),
        new Set(LINES.map(({ run }) => run)),
      );
      writeFileSync(file, text([a]).trimEnd());
      addToHistory(runIn(folder, 1), file);
      assert.equal(readHistory(file).length, 2);
    });
  });

  it('names the line that can’t be read, and why', () => {
    inDirectory((folder) => {
      const file = join(folder, 'history.jsonl');
      const [a, b] = LINES;
      for (const [broken, found] of [
        ['{"v":1', /JSON/],
        ['<<<<<<< HEAD', /a conflict marker of a merge/],
        [JSON.stringify({ ...b, margin: 'wide' }), /margin: expected a number/],
        [JSON.stringify({ ...b, cells: [{ ...b!.cells[0], mean: 1e9 }] }), /cells\.0\.mean: expected/],
        ['null', /expected a map/],
      ] as const) {
        writeFileSync(file, `${text([a])}${broken}\n`);
        const problem = problemOf(() => readHistory(file));
        assert.equal(problem.code, 'VGB-HISTORY-LINE');
        assert.match(problem.message, /^line 2 of .*history\.jsonl/);
        assert.match(problem.found ?? '', found);
        assert.throws(() => addToHistory(runIn(folder, 1), file), { code: 'VGB-HISTORY-LINE' });
      }
    });
  });

  it('refuses a line of a newer version in words', () => {
    inDirectory((folder) => {
      const file = join(folder, 'history.jsonl');
      writeFileSync(file, text([LINES[0], { ...LINES[1], v: 2, cells: 'otherwise' }]));
      const problem = problemOf(() => readHistory(file));
      assert.equal(problem.code, 'VGB-HISTORY-VERSION');
      assert.match(problem.message, /line 2 of .* was written by a newer vgpubench/);
      assert.deepEqual([problem.expected, problem.found], ['a line of format 1', 'format 2']);
    });
  });

  it('may be a directory: of histories, and of runs', () => {
    inDirectory((folder) => {
      mkdirSync(join(folder, 'baselines'));
      writeFileSync(join(folder, 'a.jsonl'), text(LINES.slice(0, 2)));
      writeFileSync(join(folder, 'b.jsonl'), text(LINES.slice(1, 3)));
      writeFileSync(join(folder, 'notes.txt'), 'no history');
      const read: string[] = [];
      runIn(folder, 1);
      assert.equal(readHistory(folder, (run) => read.push(run)).length, 4);
      assert.deepEqual(read, [join(folder, 'run-1')]);
    });
  });

  it('that is empty or not there is told, and so is a file that can’t be written', () => {
    inDirectory((folder) => {
      assert.throws(() => readHistory(folder), { code: 'VGB-HISTORY-EMPTY' });
      assert.throws(() => readHistory(join(folder, 'none.jsonl')), { code: 'VGB-HISTORY-READ' });
      assert.throws(() => addToHistory(join(folder, 'none'), join(folder, 'h.jsonl')), {
        code: 'VGB-JOURNAL-READ',
      });
      writeFileSync(join(folder, 'file'), '');
      assert.throws(() => addToHistory(runIn(folder, 1), join(folder, 'file/h.jsonl')), {
        code: 'VGB-HISTORY-WRITE',
      });
    });
  });
});
