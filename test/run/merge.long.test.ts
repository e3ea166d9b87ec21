/** Many shards of many samples are merged in memory that does not grow with them. */
import assert from 'node:assert/strict';
import { closeSync, mkdirSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { execa } from 'execa';
import { textOf } from '../../src/record/journal.ts';
import { FILES, planText } from '../../src/record/run-directory.ts';
import { simulatedRun } from '../compare/simulated-run.ts';
import { NEUTRAL, PROGRAM } from '../support/cli.ts';
import { testFolder } from '../support/directory.ts';

/** MERGE_SAMPLES=100000 is what is promised: 5 GB of disk, and minutes. */
const SHARDS = 100;
const SAMPLES = Number(process.env['MERGE_SAMPLES'] ?? 10_000);
const MOST_MB = 500;

/** Tells the most memory that the command line took, in KiB, after all else on stderr. */
const WATCH = `process.on('exit', () => { process.stderr.write('\\nmaxrss ' + process.resourceUsage().maxRSS + '\\n'); });`;

describe(`a merge of ${SHARDS} shards of ${SAMPLES} samples`, () => {
  const folder = testFolder();
  const design = `{ blocks: ${SHARDS}, samples: ${SAMPLES / 2}, warmup: 0, seed: 3 }`;

  /** Trials with one sample each as they are simulated, and that sample as often as the design says. */
  function shard(index: number): string {
    const directory = join(folder, `shard-${index}`);
    const part = { shard: { index, of: SHARDS } };
    const small = simulatedRun({ design: design.replace(/samples: \d+/, 'samples: 1'), part });
    const { source, plan } = simulatedRun({ design, part, upTo: 0 });
    mkdirSync(directory);
    writeFileSync(join(directory, FILES.experiment), source);
    writeFileSync(join(directory, FILES.plan), planText(plan));
    const file = openSync(join(directory, FILES.journal), 'w');
    let seq = 0;
    for (const event of small.events) {
      const times = event.type === 'sample' ? SAMPLES / 2 : 1;
      const shard =
        event.type === 'run-started' ? { shard: { index, of: SHARDS, node: `n${index % 4}` } } : {};
      const lines: string[] = [];
      for (let at = 0; at < times; at++) {
        const place = event.type === 'sample' ? { index: at } : {};
        lines.push(textOf({ ...event, ...shard, ...place, seq: ++seq }));
      }
      writeSync(file, `${lines.join('\n')}\n`);
    }
    closeSync(file);
    return directory;
  }

  it(`stays under ${MOST_MB} MB, and has every line`, async () => {
    const runs = Array.from({ length: SHARDS }, (_, at) => shard(at + 1));
    const watch = join(folder, 'watch.mjs');
    writeFileSync(watch, WATCH);
    const { exitCode, stderr } = await execa(
      process.execPath,
      ['--import', watch, ...PROGRAM, 'merge', ...runs, '--out', join(folder, 'merged'), '--no-report'],
      { reject: false, timeout: 1_800_000, cwd: folder, env: NEUTRAL },
    );
    assert.equal(exitCode, 0, stderr);
    const megabytes = Number(/^maxrss (\d+)$/m.exec(stderr)?.[1] ?? NaN) / 1024;
    console.log(`${SHARDS} shards of ${SAMPLES} samples: ${megabytes.toFixed(0)} MB`);
    assert.ok(megabytes < MOST_MB, `${megabytes} MB`);
    const { stdout } = await execa('grep', ['-c', '"type":"sample"', join(folder, 'merged', FILES.journal)]);
    assert.equal(Number(stdout), SHARDS * SAMPLES);
  });
});
