/** A report of a journal that an older vgpubench wrote, whose guest had no bounds. */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import type { Results } from '../../src/compare/results.ts';
import { planText } from '../../src/record/run-directory.ts';
import { vgpubench } from '../support/cli.ts';
import { testFolder } from '../support/directory.ts';
import { Story, runOf, trialOf } from '../support/events.ts';

/** What the report is promised to be made within. */
const BOUND_MS = 20_000;

const SOURCE = `name: demo
targets: { bare: { ssh: gpu-host } }
modes: { native: { use: native, on: bare }, slow: { use: native, on: bare } }
workloads: [{ use: command, name: mmul, run: ./mmul, metric: { duration: true } }]
design: { blocks: 2, seed: 3 }
`;

describe('a journal of an older vgpubench', () => {
  const folder = testFolder();

  it('with any number and any name is reported in 20 s, and what is left out is told', async () => {
    const phases = Object.fromEntries(Array.from({ length: 20_000 }, (_, at) => [`phase ${at}`, 1]));
    const { plan } = runOf([[1], [1]], [[1], [1]]);
    const story = new Story().begin();
    for (const block of [1, 2])
      for (const mode of ['native', 'slow'])
        story
          .attest(block, mode)
          .start(trialOf(block, mode))
          .sample(trialOf(block, mode), 0, [
            {
              metrics: { gflops: [5, 1.7e308, 5e-324, 6] },
              phases,
              crossings: { 'a\u0000b': 1, ['y'.repeat(1e6)]: 1.7e308 },
            },
          ])
          .end(trialOf(block, mode));
    const lines = story.events.map((event) => `${JSON.stringify(event)}\n`);
    writeFileSync(join(folder, 'experiment.yaml'), SOURCE);
    writeFileSync(join(folder, 'plan.json'), planText(plan));
    writeFileSync(join(folder, 'journal.jsonl'), lines.join(''));
    const began = performance.now();
    const { exitCode, stdout, stderr } = await vgpubench(['report', folder], folder);
    const tookMs = performance.now() - began;
    assert.deepEqual([exitCode, stderr], [0, '']);
    assert.ok(tookMs < BOUND_MS, `${tookMs} ms`);
    assert.match(stdout, /warning: mmul: \d+ figures of its samples are excluded\./);
    const { cells } = JSON.parse(readFileSync(join(folder, 'results.json'), 'utf8')) as Results;
    assert.deepEqual(
      cells.map(({ trials }) => trials.map(({ values }) => values)),
      [
        [
          [5, 6],
          [5, 6],
        ],
        [
          [5, 6],
          [5, 6],
        ],
      ],
    );
  });
});
