import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { resultsOf } from '../../src/compare/compare.ts';
import { readRun } from '../../src/record/read-run.ts';
import { samplesCsv } from '../../src/report/csv.ts';
import { inDirectory } from '../support/directory.ts';

const FIXTURE = join(import.meta.dirname, '../fixtures/format-1');
const unpacked = (name: string) => gunzipSync(readFileSync(join(FIXTURE, `${name}.gz`)));

describe('a run that vgpubench 0.1 made', () => {
  it('is read for ever, to the last digit of every sample', () => {
    inDirectory((directory) => {
      for (const name of ['journal.jsonl', 'plan.json']) writeFileSync(join(directory, name), unpacked(name));
      writeFileSync(join(directory, 'experiment.yaml'), readFileSync(join(FIXTURE, 'experiment.yaml')));
      const { experiment, plan, record } = readRun(directory);
      const results = resultsOf(experiment, plan, record);
      // Each line of the lab's said then what the lab is made of.
      const then = unpacked('samples.csv').toString();
      assert.equal(samplesCsv(results), then.replaceAll('"software GPU, Xen under QEMU TCG"', 'yes'));
      const { planned, completed } = results.trials;
      assert.deepEqual([planned, completed], [714, 714]);
      assert.equal(results.attestations.length, 84);
      assert.ok(results.attestations.every(({ ok }) => ok));
    });
  });
});
