/** Runs whose disk fills up, or whose directory goes away, under them. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { Problem } from '../../src/problem.ts';
import { readRun } from '../../src/record/read-run.ts';
import { resumeRun } from '../../src/run/resume.ts';
import { runExperiment } from '../../src/run/run.ts';
import { vgpubench } from '../support/cli.ts';
import { markedExperiment } from '../support/experiment.ts';
import { until } from '../support/processes.ts';
import { type SmallDisk, smallDisk } from '../support/small-disk.ts';
import { testTargets } from '../support/targets.ts';
import { assertWhole, linesIn } from '../support/whole-run.ts';

/** A run that can't go on ends this soon. */
const SOON_MS = 20_000;

const PAGE_BYTES = 4096;

describe('a run whose disk fills up', () => {
  const lab = testTargets([{ alias: 'a' }]);
  let disk: SmallDisk;
  before(() => (disk = smallDisk()));
  after(() => {
    disk.remove();
  });

  interface Prepared {
    blocks?: number;
    samples?: number;
    seconds?: number;
    /** Bytes by which what undoes a mode is longer, and with it the journal's line of it. */
    padding?: number;
    /** Bytes that it says as it is run, which its note tells. */
    saying?: number;
  }

  function prepare(name: string, { padding = 0, saying = 0, ...more }: Prepared = {}) {
    const [file, marker, changed] = ['yaml', 'ran', 'changed'].map((ending) =>
      join(lab.folder, `${name}.${ending}`),
    ) as [string, string, string];
    const modes = ['native', 'other']
      .map(
        (mode) =>
          `  ${mode}: { use: custom, on: a, prepare: ["echo ${mode} >>${changed}"], attest: [{ run: "test -e ${changed}" }], restore: ["rm -f ${changed}; echo ${'y'.repeat(saying)} #${'x'.repeat(padding)}"] }`,
      )
      .join('\n');
    const design = { blocks: 1, samples: 2, seconds: 0.01, ...more };
    writeFileSync(file, markedExperiment({ sshConfig: lab.servers.sshConfig, marker, modes, ...design }));
    return { file, marker, changed, directory: join(disk.folder, name) };
  }

  /** Fills the disk once so many events were written, up to the end of the session. */
  function fullAfter(events: number) {
    let left = events;
    const see = () => {
      if (--left === 0) disk.fill();
    };
    return { observe: () => ({ see, spare: () => undefined, close: disk.free }) };
  }

  /** Fills the disk once an event of this type was written, up to the end of the session. */
  function fullFrom(type: string) {
    const see = (event: { type: string }) => {
      if (event.type === type) disk.fill();
    };
    return { observe: () => ({ see, spare: () => undefined, close: disk.free }) };
  }

  const leftBehind = () => readdirSync(tmpdir()).filter((entry) => entry.startsWith(`vgb-${process.pid}-`));

  it('ends soon, puts the target back, says what to do, and goes on when there is room', async () => {
    const { file, marker, changed, directory } = prepare('full', { samples: 50, seconds: 0.05 });
    const running = vgpubench(['run', file, '--out', directory], lab.folder);
    await until('some samples', () => linesIn(marker) >= 5);
    disk.fill();
    const filled = performance.now();
    const { exitCode, stderr } = await running;
    assert.ok(performance.now() - filled < SOON_MS, 'it ends soon');
    assert.equal(exitCode, 4, stderr);
    assert.match(stderr, /VGB-JOURNAL-WRITE[\s\S]*ENOSPC[\s\S]*vgpubench resume/);
    assert.doesNotMatch(stderr, /still changed/);
    assert.equal(existsSync(changed), false, 'the target is put back');
    const kept = readRun(directory).record.trials.values().next().value;
    assert.ok(kept !== undefined && kept.samplesDone > 0 && kept.outcome === null);
    disk.free();
    const resumed = await vgpubench(['resume', directory], lab.folder);
    assert.equal(resumed.exitCode, 0, resumed.stderr);
    assertWhole(directory, marker, 50);
    assert.equal(existsSync(changed), false);
  });

  it('before its first event is run again in the same place', async () => {
    const { file, marker, directory } = prepare('first');
    const began = await failureOf(
      runExperiment(file, {
        out: directory,
        // The page that the first event would need is the last.
        observe: () => {
          disk.fill();
          return { see: () => undefined, spare: () => undefined, close: disk.free };
        },
      }),
    );
    assert.equal(began?.code, 'VGB-JOURNAL-WRITE');
    assert.match(began.next ?? '', /vgpubench run FILE/);
    assert.equal((await runExperiment(file, { out: directory })).exitCode, 0);
    assertWhole(directory, marker, 2);
    const again = await failureOf(runExperiment(file, { out: directory }));
    assert.equal(again?.code, 'VGB-RUN-EXISTS');
  });

  it('at any of its events loses nothing and runs nothing twice, resumed once or several times', async () => {
    for (let event = 1; ; event += 4) {
      const { file, marker, changed, directory } = prepare(`at-${event}`);
      const outcome = await failureOf(runExperiment(file, { out: directory, ...fullAfter(event) }));
      assert.equal(existsSync(changed), false, `event ${event}`);
      if (outcome === undefined) break;
      assert.equal(outcome.code, 'VGB-JOURNAL-WRITE');
      assert.ok(readRun(directory).record.sessions.length > 0);
      const again = await failureOf(resumeRun(directory, fullAfter(3)).then(assertCompleted));
      assert.equal(existsSync(changed), false, `event ${event}, resumed`);
      if (again !== undefined) assertCompleted(await resumeRun(directory));
      assertWhole(directory, marker, 2);
      assert.deepEqual(readRun(directory).record.pendingUndo.size, 0);
      rmSync(directory, { recursive: true });
    }
    assert.deepEqual(leftBehind(), []);
  });

  it('where its undo was run and could not be noted has it run again, and loses nothing', async () => {
    // What it says is long, so that what a busy machine’s journal has more before it matters nothing.
    const saying = 400;
    const roomy = prepare('roomy', { saying });
    await runExperiment(roomy.file, { out: roomy.directory });
    const lines = readFileSync(join(roomy.directory, 'journal.jsonl'), 'utf8').split(/(?<=\n)/);
    const note = lines.findIndex((line) => line.includes('"type":"undone"'));
    const middle = lines.slice(0, note).join('').length + (lines[note] ?? '').length / 2;
    // The journal’s last page, which a full disk leaves it, ends in the middle of that note.
    assert.ok((lines[note] ?? '').length > saying, lines[note]);
    const padding = PAGE_BYTES - Math.round(middle % PAGE_BYTES);
    const { file, marker, changed, directory } = prepare('unnoted', { saying, padding });
    const outcome = await failureOf(runExperiment(file, { out: directory, ...fullFrom('noise') }));
    assert.equal(outcome?.code, 'VGB-JOURNAL-WRITE');
    assert.equal(existsSync(changed), false, 'it was run');
    assert.equal(readRun(directory).record.pendingUndo.size, 1, 'it was not noted');
    assertCompleted(await resumeRun(directory));
    assertWhole(directory, marker, 2);
    assert.equal(readRun(directory).record.pendingUndo.size, 0);
  });

  it('is put back by restore on a full disk, also where that can’t be noted', async () => {
    const { file, changed, directory } = prepare('restored', { samples: 50, seconds: 0.05 });
    const running = vgpubench(['run', file, '--out', directory], lab.folder);
    await until('the target is changed', () => existsSync(changed));
    running.kill('SIGKILL');
    await running;
    // What is left of the journal's own last page may have room for the note.
    disk.fill();
    const { exitCode, stdout, stderr } = await vgpubench(['restore', directory], lab.folder);
    disk.free();
    assert.equal(existsSync(changed), false, stderr);
    assert.ok(exitCode === 0 || /VGB-JOURNAL-WRITE/.test(stderr), `${stdout}${stderr}`);
    assert.equal((await vgpubench(['restore', directory], lab.folder)).exitCode, 0);
  });

  it('as it goes on after a crash is put back, although what is found there can’t be told', async () => {
    const { file, marker, changed, directory } = prepare('crashed', { samples: 50, seconds: 0.05 });
    const running = vgpubench(['run', file, '--out', directory], lab.folder);
    await until('some samples', () => linesIn(marker) >= 5);
    running.kill('SIGKILL');
    await running;
    assert.equal(existsSync(changed), true);
    const outcome = await failureOf(resumeRun(directory, fullAfter(1)));
    assert.equal(outcome?.code, 'VGB-JOURNAL-WRITE');
    assert.equal(existsSync(changed), false);
    assert.equal((await resumeRun(directory)).exitCode, 0);
    assertWhole(directory, marker, 50);
  });

  it('and whose directory is deleted ends soon and puts the target back', async () => {
    const { file, marker, changed, directory } = prepare('deleted', { samples: 50, seconds: 0.05 });
    const running = vgpubench(['run', file, '--out', directory], lab.folder);
    await until('some samples', () => linesIn(marker) >= 5);
    const { token = '' } = readRun(directory).record;
    assert.equal(existsSync(`/dev/shm/vgpubench-${token}`), true);
    rmSync(directory, { recursive: true });
    const deleted = performance.now();
    const { exitCode, stderr } = await running;
    assert.ok(performance.now() - deleted < SOON_MS, 'it ends soon');
    assert.equal(exitCode, 4, stderr);
    assert.match(
      stderr,
      /VGB-JOURNAL-WRITE[\s\S]*it was deleted[\s\S]*its content is lost.*vgpubench run FILE/,
    );
    assert.doesNotMatch(stderr, / {4}at /, 'no stack');
    assert.equal(existsSync(changed), false);
    assert.equal(existsSync(`/dev/shm/vgpubench-${token}`), false, 'nobody will come back for what is there');
    assert.equal(existsSync(directory), false);
  });
});

function assertCompleted({ exitCode, results }: Awaited<ReturnType<typeof resumeRun>>): void {
  assert.deepEqual([exitCode, results.unsuccessful], [0, []]);
}

/** The Problem that a session ended with; undefined where it came to its end. */
async function failureOf(session: Promise<unknown>): Promise<Problem | undefined> {
  try {
    await session;
    return undefined;
  } catch (error) {
    if (error instanceof Problem) return error;
    throw error;
  }
}
