import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { appendFileSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { EventBody } from '../../src/record/event.ts';
import { Journal } from '../../src/record/journal.ts';
import { readEvents, wholeBytesOf } from '../../src/record/read-journal.ts';
import { inDirectory } from '../support/directory.ts';
import { problemOf } from '../support/problem.ts';
import { smallDisk } from '../support/small-disk.ts';

const ended = (reason: 'completed' | 'interrupted' = 'completed'): EventBody => ({
  type: 'run-ended',
  reason,
});
const started = (trial: string): EventBody => ({ type: 'trial-started', trial, attempt: 1, fromIndex: 0 });

/** A journal of three events, its path and its text. */
function written(directory: string): { path: string; text: string } {
  const path = join(directory, 'journal.jsonl');
  const journal = Journal.create(path);
  for (const trial of ['a', 'b', 'c']) journal.append(started(trial));
  journal.close();
  return { path, text: readFileSync(path, 'utf8') };
}

const eventsAt = (path: string) => [...readEvents(path)];
const trials = (path: string) =>
  eventsAt(path).map((event) => (event.type === 'trial-started' ? event.trial : event.type));

describe('the journal', () => {
  it('holds a line an event, each with its version, monotonic time and wall time', () => {
    inDirectory((directory) => {
      const { path, text } = written(directory);
      const lines = text.split('\n');
      assert.equal(lines.length, 4);
      assert.equal(lines[3], '');
      assert.equal(wholeBytesOf(path), Buffer.byteLength(text));
      const [first, second] = eventsAt(path);
      assert.ok(first && second);
      assert.equal(first.v, 2);
      assert.ok(first.atMs > 0 && second.atMs >= first.atMs);
      assert.ok(Math.abs(Date.parse(first.wall) - Date.now()) < 60_000);
    });
  });

  it('has each event on disk before append returns, and only then told to those who listen', () => {
    inDirectory((directory) => {
      const path = join(directory, 'journal.jsonl');
      const journal = Journal.create(path);
      const seen: number[] = [];
      journal.listen(() => seen.push(eventsAt(path).length));
      journal.append(started('a'));
      journal.append(started('b'));
      journal.close();
      assert.deepEqual(seen, [1, 2]);
    });
  });

  it('is never begun where there is one already', () => {
    inDirectory((directory) => {
      const { path, text } = written(directory);
      assert.throws(() => Journal.create(path), /EEXIST/);
      assert.equal(readFileSync(path, 'utf8'), text);
    });
  });

  it('keeps any text that a guest printed', () => {
    inDirectory((directory) => {
      const path = join(directory, 'journal.jsonl');
      const journal = Journal.create(path);
      fc.assert(
        fc.property(fc.string({ unit: 'binary' }), (text) => {
          journal.append({ type: 'undone', id: 'x', ok: true, output: text });
          const last = eventsAt(path).at(-1);
          return last?.type === 'undone' && last.output === text;
        }),
        { numRuns: 50 },
      );
      journal.close();
    });
  });
});

describe('a journal whose last line was being written when everything died', () => {
  it('is read without that line, and goes on after the last whole one', () => {
    inDirectory((directory) => {
      const { path, text } = written(directory);
      const last = text.lastIndexOf('\n', text.length - 2) + 1;
      for (let end = last; end < text.length; end += 7) {
        writeFileSync(path, text.slice(0, end));
        assert.deepEqual(trials(path), ['a', 'b'], `cut at ${end}`);
        const journal = Journal.reopen(path);
        journal.append(started('d'));
        journal.close();
        assert.deepEqual(trials(path), ['a', 'b', 'd'], `cut at ${end}`);
        assert.ok(readFileSync(path, 'utf8').startsWith(text.slice(0, last)));
      }
    });
  });

  it('is read in parts, and no character or line is lost where two parts meet', () => {
    inDirectory((directory) => {
      const path = join(directory, 'journal.jsonl');
      const journal = Journal.create(path);
      const names = Array.from({ length: 400 }, (_, i) => `${i}${'é€😀'.repeat(1000)}`);
      for (const trial of names) journal.append({ type: 'trial-started', trial, attempt: 1, fromIndex: 0 });
      journal.close();
      assert.ok(statSync(path).size > 3 * 2 ** 20);
      assert.deepEqual(trials(path), names);
      assert.equal(wholeBytesOf(path), statSync(path).size);
    });
  });

  it('ends after its last newline, wherever that stands in the part it is read in', () => {
    inDirectory((directory) => {
      const path = join(directory, 'journal.jsonl');
      for (const [text, bytes] of [
        ['', 0],
        ['{}', 0],
        ['\n', 1],
        [`{}\n${'x'.repeat(2 ** 20 - 2)}`, 3],
        [`{}\n${'x'.repeat(2 ** 20 - 1)}`, 3],
        [`{}\n${'x'.repeat(2 ** 20)}`, 3],
      ] as const) {
        writeFileSync(path, text);
        assert.equal(wholeBytesOf(path), bytes, `${text.length} bytes`);
      }
    });
  });

  it('loses nothing where every line is whole', () => {
    inDirectory((directory) => {
      const { path } = written(directory);
      const journal = Journal.reopen(path);
      journal.append(ended());
      journal.close();
      assert.deepEqual(trials(path), ['a', 'b', 'c', 'run-ended']);
    });
  });
});

describe('a journal that can’t be read', () => {
  const refused = (change: (text: string) => string) =>
    inDirectory((directory) => {
      const { path, text } = written(directory);
      writeFileSync(path, change(text));
      const before = readFileSync(path, 'utf8');
      const { code, message, found } = problemOf(() => eventsAt(path));
      assert.equal(readFileSync(path, 'utf8'), before, 'a journal in doubt is left as it is');
      return { code, found, message: message.replace(directory, '') };
    });

  it('because a line in its middle is corrupt is an error that names the line', () => {
    const { code, message } = refused((text) => text.replace('"b"', '"b'));
    assert.deepEqual(
      [code, message],
      ['VGB-JOURNAL-LINE', '/journal.jsonl:2: not an event of format 1 to 2'],
    );
  });

  it('because a line is of an unknown version or type is an error that says which key', () => {
    const version = refused((text) => text.replace(/"v":2/, '"v":3'));
    assert.match(version.message, /:1: /);
    assert.match(version.found ?? '', /^v: /);
    const type = refused((text) => text.replace(/trial-started(?=.*"c")/, 'trial-begun'));
    assert.match(type.found ?? '', /^type: /);
    assert.match(refused((text) => text.replace('"attempt":1', '"attempt":"1"')).found ?? '', /^attempt: /);
  });

  it('because a line is empty is an error', () => {
    assert.match(refused((text) => `\n${text}`).message, /:1: /);
  });

  it('because it is a pipe or a directory says so, and does not wait', () => {
    inDirectory((directory) => {
      const pipe = join(directory, 'pipe');
      execFileSync('mkfifo', [pipe]);
      for (const [path, found] of [
        [pipe, /a pipe/],
        [directory, /a directory/],
      ] as const) {
        const problem = problemOf(() => eventsAt(path));
        assert.equal(problem.code, 'VGB-JOURNAL-READ');
        assert.match(problem.found ?? '', found);
      }
    });
  });

  it('because there is none says what to name instead', () => {
    const problem = problemOf(() => eventsAt('no/such/journal.jsonl'));
    assert.equal(problem.code, 'VGB-JOURNAL-READ');
    assert.match(problem.next ?? '', /run directory/);
  });

  it('because its last line, though whole, is no JSON is an error', () => {
    inDirectory((directory) => {
      const { path } = written(directory);
      appendFileSync(path, '{"v":2\n');
      assert.match(problemOf(() => eventsAt(path)).message, /:4: /);
    });
  });
});

describe('a journal that can’t be written', () => {
  it('ends with its last whole line, and goes on after that when there is room again', () => {
    const disk = smallDisk(16);
    try {
      const path = join(disk.folder, 'journal.jsonl');
      const journal = Journal.create(path);
      const said: string[] = [];
      journal.listen((event) => said.push(event.type === 'trial-started' ? event.trial : ''));
      journal.append(started('a'));
      disk.fill();
      // The rest of its page can still be written to.
      const problem = problemOf(() => {
        for (let n = 0; n < 100; n++) journal.append(started('b'.repeat(300)));
      });
      assert.equal(problem.code, 'VGB-JOURNAL-WRITE');
      assert.match(problem.found ?? '', /ENOSPC/);
      assert.match(problem.next ?? '', new RegExp(`vgpubench resume ${disk.folder}$`));
      assert.equal(problem.exitCode, 4);
      const text = readFileSync(path, 'utf8');
      assert.ok(text.endsWith('\n'), 'nothing is left of the line that did not fit');
      disk.free();
      journal.append(started('c'));
      journal.close();
      assert.equal(readFileSync(path, 'utf8').slice(0, text.length), text);
      assert.equal(trials(path).at(-1), 'c');
      assert.deepEqual(trials(path), said, 'what was not written was not told');
    } finally {
      disk.remove();
    }
  });

  it('since something else writes to it, or it was moved, says so and writes nothing', () => {
    inDirectory((directory) => {
      const path = join(directory, 'journal.jsonl');
      const journal = Journal.create(path);
      journal.append(started('a'));
      const others = `${readFileSync(path, 'utf8')}${readFileSync(path, 'utf8')}`;
      writeFileSync(path, others);
      const append = () =>
        problemOf(() => {
          journal.append(started('b'));
        });
      assert.match(append().found ?? '', /something else has written to it/);
      assert.equal(readFileSync(path, 'utf8'), others);
      renameSync(path, `${path}.moved`);
      writeFileSync(path, '');
      const { found, next } = append();
      assert.match(found ?? '', /it was moved/);
      assert.match(next ?? '', /vgpubench resume/);
      journal.close();
    });
  });

  it('since it was deleted says so with the next event', () => {
    inDirectory((directory) => {
      const path = join(directory, 'journal.jsonl');
      const journal = Journal.create(path);
      rmSync(path);
      const { code, found } = problemOf(() => {
        journal.append(started('a'));
      });
      assert.deepEqual([code, found], ['VGB-JOURNAL-WRITE', 'it was deleted']);
      journal.close();
    });
  });
});
